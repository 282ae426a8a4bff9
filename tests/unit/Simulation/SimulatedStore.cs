using System.Buffers.Binary;
using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Simulation;

/// <summary>The part of a fabric that keeps: slot table, logs and records, with the rules of FABRIC.md.</summary>
internal sealed class SimulatedStore(SimulatedBus bus, FlushJudge judge)
{
    private const byte Bin32 = 0xc6;
    private readonly SlotOwner[] _slots = new SlotOwner[Slot.Count];
    private readonly Dictionary<string, ulong> _storeOfMaster = [];
    private ulong _epoch;
    private ulong _store = 1;
    private ulong _flush;

    public Dictionary<LogKey, SimulatedLog> Logs { get; } = [];

    /// <summary>What stood in logs that were dropped: readers may still have it.</summary>
    public Dictionary<LogKey, SimulatedLog> Dropped { get; } = [];

    /// <summary>Every version of each record, the newest last, and by which flush it came.</summary>
    public Dictionary<string, List<(ulong Flush, byte[] Body)>> Records { get; } = [];

    public SimulatedLog Log(LogKey key)
    {
        if (!Logs.TryGetValue(key, out SimulatedLog? log))
        {
            log = new SimulatedLog(key);
            Logs.Add(key, log);
        }

        return log;
    }

    /// <summary>A log that there is, or was; null when there never was one.</summary>
    public SimulatedLog? Find(LogKey key) => Logs.GetValueOrDefault(key) ?? Dropped.GetValueOrDefault(key);

    public IReadOnlyList<SlotOwner> Slots => [.. _slots.Where(slot => slot.MasterId is not null)];

    public IReadOnlyList<SlotOwner> Claim(string masterId, ulong epochFloor)
    {
        _epoch = Math.Max(_epoch, epochFloor) + 1;
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            _slots[slot] = new SlotOwner(slot, masterId, _epoch);
        }

        _storeOfMaster[masterId] = _store;
        return [.. _slots];
    }

    /// <summary>
    /// Another store takes over; it may lack the newest entries. A flush is lost with all that it said about a channel:
    /// entries of every log, what was trimmed and dropped, and the record.
    /// </summary>
    public void Replace(Func<int, int> chooseLoss)
    {
        _store++;
        _flush++;
        foreach (IGrouping<string, SimulatedLog> channel in Logs.GroupBy(log => log.Key.Channel, log => log.Value).ToArray())
        {
            ulong[] flushes = [.. channel.SelectMany(log => log.Flushes).Order()];
            int lost = chooseLoss(flushes.Length + 1);
            if (lost == 0)
            {
                continue;
            }

            foreach (SimulatedLog dropped in Dropped.Values.Where(log => log.Key.Channel == channel.Key && log.DroppedBy >= flushes[^lost]).ToArray())
            {
                Dropped.Remove(dropped.Key);
                Logs.Add(dropped.Key, dropped);
                dropped.LoseSince(flushes[^lost], _flush);
            }

            foreach (SimulatedLog log in channel)
            {
                log.LoseSince(flushes[^lost], _flush);
            }

            if (Records.TryGetValue(channel.Key, out List<(ulong Flush, byte[] Body)>? versions))
            {
                versions.RemoveAll(version => version.Flush >= flushes[^lost]);
            }

            judge.Room(channel.Key).Lose(flushes[^lost], State(channel.Key));
        }
    }

    public FlushStatus Flush(string masterId, FabricFlush flush)
    {
        FlushCheck.MeasureBytes(flush);
        foreach (SlotOwner slot in flush.Slots)
        {
            if (_slots[slot.Slot] != slot)
            {
                return FlushStatus.Fenced;
            }
        }

        if (_storeOfMaster[masterId] != _store)
        {
            return FlushStatus.StoreChanged;
        }

        _flush++;
        Append(flush);
        foreach (FabricTrim trim in flush.Trims)
        {
            Log(trim.Log).Trim((trim.Epoch, trim.Seq), _flush);
        }

        Drop(flush);

        foreach (FabricRelay relay in flush.Relays)
        {
            bus.Send(masterId, relay.To.Value, Assemble(flush, relay));
        }

        return FlushStatus.Committed;
    }

    public byte[]? ReadRecord(string name) =>
        Records.TryGetValue(name, out List<(ulong Flush, byte[] Body)>? versions) && versions.Count > 0 && versions[^1].Body.Length > 0 ? versions[^1].Body : null;

    public RecordList ListRecords(ulong cursor, int max)
    {
        FabricRecord[] records = [.. Records.Keys.Order(StringComparer.Ordinal).Skip((int)cursor).Take(max)
            .Where(name => ReadRecord(name) is not null).Select(name => new FabricRecord(name, ReadRecord(name)))];
        ulong next = cursor + (ulong)max;
        return new RecordList(records, next >= (ulong)Records.Count ? 0 : next);
    }

    public LogPage ReadFrom(LogKey key, ulong epoch, ulong seq, int bytesMax) =>
        Page(EntriesOf(key).SkipWhile(entry => (entry.Epoch, entry.LastSeq).CompareTo((epoch, seq)) < 0), bytesMax);

    public LogPage ReadTail(LogKey key, int messages, int bytesMax)
    {
        List<LogEntry> entries = EntriesOf(key);
        ulong top = entries.Count == 0 ? 0 : entries[^1].LastSeq;
        return Page(entries.SkipWhile(entry => entry.LastSeq <= top - Math.Min(top, (ulong)messages)), bytesMax);
    }

    private List<LogEntry> EntriesOf(LogKey key) => Logs.GetValueOrDefault(key)?.Entries ?? [];

    // Services are saved under names that no channel has.
    private static bool IsChannel(string name) => ChannelName.KindOf(Encoding.UTF8.GetBytes(name)) is not null;

    private RoomState State(string channel) =>
        ReadRecord(channel) is { } record ? Assert.IsType<RoomState>(RoomState.Decode(record)) : new RoomState();

    private void Append(FabricFlush flush)
    {
        var appended = new Dictionary<string, List<(SimulatedLog, CommittedMessage)>>();
        foreach (FabricAppend append in flush.Appends)
        {
            SimulatedLog log = Log(append.Log);
            if (log.Has(append))
            {
                continue;
            }

            Assert.True((log.Top.Epoch, log.Top.Seq).CompareTo((append.Epoch, append.LastSeq)) < 0, "an append below the end of its log");
            if (!appended.TryGetValue(append.Log.Channel, out List<(SimulatedLog, CommittedMessage)>? messages))
            {
                messages = [];
                appended.Add(append.Log.Channel, messages);
            }

            messages.AddRange(log.Append(append, _flush).Select(message => (log, message)));
        }

        Keep(flush);
        foreach (string channel in appended.Keys.Union(flush.Records.Select(record => record.Name).Where(IsChannel)).ToArray())
        {
            bool isSaved = flush.Records.Exists(record => record.Name == channel);
            judge.Flushed(channel, _flush, appended.GetValueOrDefault(channel) ?? [], isSaved ? State(channel) : null);
        }
    }

    private void Keep(FabricFlush flush)
    {
        foreach (FabricRecord record in flush.Records)
        {
            if (!Records.TryGetValue(record.Name, out List<(ulong Flush, byte[] Body)>? versions))
            {
                versions = [];
                Records.Add(record.Name, versions);
            }

            versions.Add((_flush, record.Body.ToArray()));
        }
    }

    private void Drop(FabricFlush flush)
    {
        foreach (LogKey key in flush.Drops)
        {
            if (Logs.Remove(key, out SimulatedLog? log))
            {
                log.Drop(_flush);
                Dropped.Add(key, log);
            }
        }
    }

    private static LogPage Page(IEnumerable<LogEntry> entries, int bytesMax)
    {
        var page = new List<LogEntry>();
        foreach (LogEntry entry in entries)
        {
            if (page.Count > 0 && page.Sum(taken => taken.Body.Length) + entry.Body.Length > bytesMax)
            {
                return new LogPage(page, true);
            }

            page.Add(entry);
        }

        return new LogPage(page, false);
    }

    private static byte[] Assemble(FabricFlush flush, FabricRelay relay)
    {
        using var message = new MemoryStream();
        message.Write(relay.Head.Span);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        foreach (int index in relay.Appends)
        {
            ReadOnlySpan<byte> body = flush.Appends[index].Body.Span;
            BinaryPrimitives.WriteUInt32BigEndian(length, (uint)body.Length);
            message.WriteByte(Bin32);
            message.Write(length);
            message.Write(body);
        }

        return message.ToArray();
    }
}
