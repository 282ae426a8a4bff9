using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Simulation;

/// <summary>One log, and everything that ever stood in it.</summary>
internal sealed class SimulatedLog(LogKey key)
{
    private readonly List<ulong> _flushes = [];

    public List<LogEntry> Entries { get; } = [];

    /// <summary>By epoch and seq: a lost tail is written again under a new epoch.</summary>
    public Dictionary<(ulong Epoch, ulong Seq), CommittedMessage> Ever { get; } = [];

    public Dictionary<(string User, ulong ProducerId, ulong Number), CommittedMessage> ByName { get; } = [];

    /// <summary>How often everything was too old.</summary>
    public int Voids { get; private set; }

    /// <summary>Messages that were logged a second time: a broken promise.</summary>
    public List<CommittedMessage> Doubled { get; } = [];

    public ulong TrimmedSeq { get; private set; }

    /// <summary>Numbers that left the log are not always known when they come again.</summary>
    public bool WasTrimmed { get; private set; }

    public Position Top => Entries.Count == 0 ? default : new Position(key.Generation, key.Partition, Entries[^1].Epoch, Entries[^1].LastSeq);

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

    public void Append(in FabricAppend append, ulong flush)
    {
        byte[] bytes = append.Body.ToArray();
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(bytes, out DeliverBody body));
        Assert.True(body.First.Seq == Top.Seq + 1, $"{append.Log.Channel}: entry begins at {body.First} after {Top}");
        Assert.Equal((append.Epoch, append.LastSeq), (body.First.Epoch, body.Last.Seq));
        foreach (DeliverMessage message in body)
        {
            var committed = new CommittedMessage(
                System.Text.Encoding.UTF8.GetString(message.From), message.ProducerId, message.Number,
                body.First with { Seq = message.Seq }, Top, body.First.Seq);
            Ever.Add((append.Epoch, message.Seq), committed);
            if (message.Kind == MessageKind.Void)
            {
                Voids++;
                Assert.True(message.From.IsEmpty && message.ProducerId == 0 && message.Number == 0 && message.Payload.IsEmpty, "a void message that says something");
            }
            else if (!ByName.TryAdd((committed.User, committed.ProducerId, committed.Number), committed))
            {
                Doubled.Add(committed);
            }
        }

        Entries.Add(new LogEntry(append.Epoch, append.LastSeq, bytes));
        _flushes.Add(flush);
        if (append.TrimBefore is { } before)
        {
            Trim(before);
        }
    }

    /// <summary>Entries before this one leave; when all are, none does.</summary>
    public void Trim((ulong Epoch, ulong Seq) before)
    {
        int trimmed = Entries.FindIndex(entry => (entry.Epoch, entry.LastSeq).CompareTo(before) >= 0);
        if (trimmed > 0)
        {
            WasTrimmed = true;
            TrimmedSeq = Entries[trimmed - 1].LastSeq;
            Entries.RemoveRange(0, trimmed);
            _flushes.RemoveRange(0, trimmed);
        }
    }

    /// <summary>The store forgets this flush and what came after it, as after a fail-over; the messages' names may come again.</summary>
    public void LoseSince(ulong flush)
    {
        int entries = _flushes.Count(one => one >= flush);
        foreach (LogEntry lost in Entries.TakeLast(entries))
        {
            DeliverBody.TryDecode(lost.Body.Span, out DeliverBody body);
            foreach (DeliverMessage message in body)
            {
                ByName.Remove((System.Text.Encoding.UTF8.GetString(message.From), message.ProducerId, message.Number));
            }
        }

        Entries.RemoveRange(Entries.Count - entries, entries);
        _flushes.RemoveRange(_flushes.Count - entries, entries);
        TrimmedSeq = Math.Min(TrimmedSeq, Top.Seq);
    }
}
