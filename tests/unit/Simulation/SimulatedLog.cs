using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>One log, and everything that ever stood in it.</summary>
internal sealed class SimulatedLog(LogKey key)
{
    private readonly List<ulong> _flushes = [];
    private readonly List<(LogEntry Entry, ulong Flush, ulong TrimmedBy)> _trimmed = [];
    private readonly List<(ulong Flush, Position Top)> _tops = [];

    public LogKey Key { get; } = key;

    public List<LogEntry> Entries { get; } = [];

    /// <summary>By epoch and seq: a lost tail is written again under a new epoch.</summary>
    public Dictionary<(ulong Epoch, ulong Seq), CommittedMessage> Ever { get; } = [];

    public Dictionary<MessageName, CommittedMessage> ByName { get; } = [];

    /// <summary>How often everything was too old.</summary>
    public int Voids { get; private set; }

    /// <summary>Messages that were logged a second time: a broken promise.</summary>
    public List<CommittedMessage> Doubled { get; } = [];

    /// <summary>What has left it; everything when it was dropped.</summary>
    public ulong TrimmedSeq { get; private set; }

    /// <summary>The flush that dropped it.</summary>
    public ulong DroppedBy { get; private set; }

    /// <summary>Numbers that left the log are not always known when they come again.</summary>
    public bool WasTrimmed { get; private set; }

    public Position Top => Entries.Count == 0 ? default : new Position(Key.Generation, Key.Partition, Entries[^1].Epoch, Entries[^1].LastSeq);

    /// <summary>Its last message, when that is the one that ends its generation.</summary>
    public CommittedMessage? End => Entries.Count > 0 && Ever[(Top.Epoch, Top.Seq)] is { Ends: not null } end ? end : null;

    /// <summary>By which flush each entry came.</summary>
    public IReadOnlyList<ulong> Flushes => _flushes;

    /// <summary>A flush that is tried again finds its entries there; another entry in their place would be lost.</summary>
    public bool Has(in FabricAppend append)
    {
        foreach (LogEntry entry in Entries)
        {
            if ((entry.Epoch, entry.LastSeq) == (append.Epoch, append.LastSeq))
            {
                Assert.True(entry.Body.Span.SequenceEqual(append.Body.Span), "two entries for one place in the log");
                return true;
            }
        }

        return append.LastSeq <= TrimmedSeq;
    }

    /// <returns>The messages of the entry.</returns>
    public IReadOnlyList<CommittedMessage> Append(in FabricAppend append, ulong flush)
    {
        Assert.True(End is null, $"{append.Log}: an entry behind the end of its generation");
        byte[] bytes = append.Body.ToArray();
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(bytes, out DeliverBody body));
        Assert.True(body.First.Seq == Top.Seq + 1, $"{append.Log}: entry begins at {body.First} after {Top}");
        Assert.Equal((append.Log.Generation, append.Log.Partition), (body.First.Generation, body.First.Partition));
        Assert.Equal((append.Epoch, append.LastSeq), (body.First.Epoch, body.Last.Seq));
        var messages = new List<CommittedMessage>();
        foreach (DeliverMessage message in body)
        {
            var committed = new CommittedMessage(
                new MessageName(Encoding.UTF8.GetString(message.From), message.ProducerId, message.Number),
                message.Kind, body.First with { Seq = message.Seq }, Top, body.First.Seq)
            {
                Payload = message.Payload.ToArray(),
                AtMilliseconds = body.AtMilliseconds,
            };
            messages.Add(committed);
            Note(committed);
        }

        Assert.True(messages.Count == 1 || messages.TrueForAll(message => message.Kind != MessageKind.Split), $"{append.Log}: a split message that is not alone");
        Entries.Add(new LogEntry(append.Epoch, append.LastSeq, bytes));
        _flushes.Add(flush);
        _tops.Add((flush, Top));
        if (append.TrimBefore is { } before)
        {
            Trim(before, flush);
        }

        return messages;
    }

    /// <summary>Entries before this one leave; when all are, none does.</summary>
    public void Trim((ulong Epoch, ulong Seq) before, ulong flush)
    {
        int trimmed = Entries.FindIndex(entry => (entry.Epoch, entry.LastSeq).CompareTo(before) >= 0);
        if (trimmed > 0)
        {
            WasTrimmed = true;
            TrimmedSeq = Entries[trimmed - 1].LastSeq;
            _trimmed.AddRange(Entries.Take(trimmed).Select((entry, index) => (entry, _flushes[index], flush)));
            Entries.RemoveRange(0, trimmed);
            _flushes.RemoveRange(0, trimmed);
        }
    }

    /// <summary>It is gone as a whole.</summary>
    public void Drop(ulong flush)
    {
        WasTrimmed = true;
        TrimmedSeq = ulong.MaxValue;
        DroppedBy = flush;
    }

    /// <summary>
    /// The store forgets this flush and what came after it, as after a fail-over: the messages' names may come again, and what
    /// those flushes trimmed is there again.
    /// </summary>
    public void LoseSince(ulong flush, ulong now)
    {
        int kept = _trimmed.FindIndex(one => one.TrimmedBy >= flush) is >= 0 and int index ? index : _trimmed.Count;
        Entries.InsertRange(0, _trimmed.Skip(kept).Select(one => one.Entry));
        _flushes.InsertRange(0, _trimmed.Skip(kept).Select(one => one.Flush));
        _trimmed.RemoveRange(kept, _trimmed.Count - kept);
        DroppedBy = 0;
        int entries = _flushes.Count(one => one >= flush);
        foreach (LogEntry lost in Entries.TakeLast(entries))
        {
            DeliverBody.TryDecode(lost.Body.Span, out DeliverBody body);
            foreach (DeliverMessage message in body)
            {
                ByName.Remove(new MessageName(Encoding.UTF8.GetString(message.From), message.ProducerId, message.Number));
            }
        }

        Entries.RemoveRange(Entries.Count - entries, entries);
        _flushes.RemoveRange(_flushes.Count - entries, entries);
        TrimmedSeq = _trimmed.Count == 0 ? 0 : _trimmed[^1].Entry.LastSeq;
        _tops.Add((now, Top));
    }

    /// <summary>Between which flushes its end was here, first inclusive, last exclusive; several when it lost some.</summary>
    public IEnumerable<(ulong Since, ulong Until)> TimesAt(Position top)
    {
        for (int i = 0; i < _tops.Count; i++)
        {
            if ((_tops[i].Top.Epoch, _tops[i].Top.Seq) == (top.Epoch, top.Seq))
            {
                yield return (_tops[i].Flush, i + 1 < _tops.Count ? _tops[i + 1].Flush : ulong.MaxValue);
            }
        }
    }

    private void Note(CommittedMessage committed)
    {
        Ever.Add((committed.At.Epoch, committed.At.Seq), committed);
        if (committed.Kind == MessageKind.Void)
        {
            Voids++;
            Assert.True(committed.Name == new MessageName("", 0, 0) && committed.Payload.Length == 0, "a void message that says something");
        }
        else if (committed.Name.Number > 0 && !ByName.TryAdd(committed.Name, committed))
        {
            Doubled.Add(committed);
        }
    }
}
