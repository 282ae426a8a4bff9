using System.Buffers.Binary;
using RelayServer.Fabric;

namespace RelayServer.UnitTests.Simulation;

/// <summary>The part of a fabric that keeps: slot table and logs, with the rules of FABRIC.md.</summary>
internal sealed class SimulatedStore(SimulatedBus bus)
{
    private const byte Bin32 = 0xc6;
    private readonly SlotOwner[] _slots = new SlotOwner[Slot.Count];
    private readonly Dictionary<string, ulong> _storeOfMaster = [];
    private ulong _epoch;
    private ulong _store = 1;

    public Dictionary<string, SimulatedLog> Logs { get; } = [];

    public SimulatedLog Log(string channel)
    {
        if (!Logs.TryGetValue(channel, out SimulatedLog? log))
        {
            log = new SimulatedLog();
            Logs.Add(channel, log);
        }

        return log;
    }

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

    /// <summary>Another store takes over; it may lack the newest entries.</summary>
    public void Replace(Func<int, int> chooseLoss)
    {
        _store++;
        foreach (SimulatedLog log in Logs.Values)
        {
            log.LoseTail(chooseLoss(log.Entries.Count + 1));
        }
    }

    public FlushStatus Flush(string masterId, FabricFlush flush)
    {
        Assert.InRange(flush.Appends.Count, 0, FabricLimits.FlushAppendsMax);
        Assert.InRange(flush.Trims.Count, 0, FabricLimits.FlushTrimsMax);
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

        foreach (FabricAppend append in flush.Appends)
        {
            SimulatedLog log = Log(append.Log.Channel);
            if (!log.Has(append))
            {
                Assert.True(
                    (log.Top.Epoch, log.Top.Seq).CompareTo((append.Epoch, append.LastSeq)) < 0, "an append below the end of its log");
                log.Append(append);
            }
        }

        foreach (FabricTrim trim in flush.Trims)
        {
            Log(trim.Log.Channel).Trim((trim.Epoch, trim.Seq));
        }

        foreach (FabricRelay relay in flush.Relays)
        {
            bus.Send(masterId, relay.To.Value, Assemble(flush, relay));
        }

        return FlushStatus.Committed;
    }

    public LogPage ReadFrom(LogKey key, ulong epoch, ulong seq, int bytesMax) =>
        Page(Log(key.Channel).Entries.SkipWhile(entry => (entry.Epoch, entry.LastSeq).CompareTo((epoch, seq)) < 0), bytesMax);

    public LogPage ReadTail(LogKey key, int messages, int bytesMax)
    {
        List<LogEntry> entries = Log(key.Channel).Entries;
        ulong from = Log(key.Channel).Top.Seq - Math.Min(Log(key.Channel).Top.Seq, (ulong)messages);
        return Page(entries.SkipWhile(entry => entry.LastSeq <= from), bytesMax);
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
