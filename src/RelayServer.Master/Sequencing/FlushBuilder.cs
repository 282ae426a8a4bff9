using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>
/// Collects what the next flush appends and relays, and writes it down. While one flush is under way the next is
/// being collected: group commit by itself.
/// </summary>
internal sealed class FlushBuilder(byte[] masterId, MasterCounters counters)
{
    private const int StagedBytesMax = 128 * 1024;
    private const int StagedEntriesMax = 4096;
    private const int RoomsMax = 256;
    private const int DropsMax = 64;

    // Beside what is staged: neither tops nor messages wait for the other.
    private const int TopsBytesMax = 64 * 1024;

    private readonly List<PartitionLog> _dirtyLogs = [];
    private readonly List<EdgeLink> _dirtyLinks = [];
    private readonly List<StagedEntry> _entries = [];
    private readonly TopDigest _tops = new();
    private readonly List<PartitionLog> _toDrop = [];
    private readonly List<ChannelState> _dirtyRooms = [];
    private readonly List<FabricRecord> _records = [];
    private readonly HashSet<PartitionLog> _toTrim = [];
    private readonly List<PooledBuffer> _inFlight = [];
    private readonly List<ChannelState> _flushing = [];
    private readonly HashSet<int> _slots = [];
    private readonly RelayWriter _relays = new(masterId, counters);
    private bool _mustCheck;

    /// <summary>Told of a channel whose state is going to be saved.</summary>
    public event Action<ChannelState>? Saved;

    /// <summary>What was collected so far, in bytes, about.</summary>
    public long StagedBytes { get; private set; }

    /// <summary>
    /// Enough is staged for one flush: more input waits until it is on its way. Far enough below the fabric's limits
    /// that one more record of an edge cannot reach them, be it said to every partition, or a switch that drops all before it.
    /// </summary>
    public bool IsFull => IsFilled(1);

    public bool HasWork => _mustCheck || _toTrim.Count > 0 || _dirtyLinks.Count > 0 || _dirtyLogs.Count > 0 || _entries.Count > 0
        || _dirtyRooms.Count + _records.Count > 0 || _toDrop.Count > 0 || _tops.IsDue;

    /// <summary>A part of one flush is staged, with 2 the half: what serves many, and can wait, leaves the rest to those who say something.</summary>
    public bool IsFilled(int divisor) =>
        StagedBytes >= StagedBytesMax / divisor || _entries.Count + _dirtyLogs.Count + _toTrim.Count >= StagedEntriesMax / divisor
        || _dirtyRooms.Count + _records.Count >= RoomsMax / divisor || _toDrop.Count >= DropsMax / divisor;

    /// <summary>The next flush writes to this edge, be it only a head.</summary>
    public void Touch(EdgeLink link)
    {
        // A forgotten edge has a new link by now, or is gone.
        if (!link.IsDirty && !link.IsForgotten)
        {
            link.IsDirty = true;
            _dirtyLinks.Add(link);
        }
    }

    /// <summary>Flush even when there is nothing: its answer tells whether the slots are still held.</summary>
    public void CheckOwnership() => _mustCheck = true;

    /// <summary>Counts records that were, or will be, written for an edge towards a full flush.</summary>
    public void CountRecords(int bytes) => StagedBytes += bytes;

    /// <summary>Gives a message the next place of a log.</summary>
    public ulong Append(PartitionLog log, in DeliverMessage message, ulong nowMilliseconds)
    {
        if (log.IsPendingSkipped)
        {
            Seal(log, nowMilliseconds);
        }

        return AppendPending(log, message, nowMilliseconds);
    }

    /// <summary>The same for one that is logged but not for members: its edges get no more than its number.</summary>
    public ulong AppendSkipped(PartitionLog log, in DeliverMessage message, ulong nowMilliseconds)
    {
        if (log.PendingCount > 0 && !log.IsPendingSkipped)
        {
            Seal(log, nowMilliseconds);
        }

        ulong seq = AppendPending(log, message, nowMilliseconds);
        log.IsPendingSkipped = true;
        return seq;
    }

    /// <summary>Appends a message to every partition; its place is that in the first.</summary>
    public MessagePlace AppendToAll(ChannelState channel, in DeliverMessage message, ulong nowMilliseconds)
    {
        MessagePlace? place = null;
        foreach (PartitionLog log in channel.Partitions)
        {
            ulong seq = Append(log, message, nowMilliseconds);
            place ??= new MessagePlace(log, channel.Epoch, seq);
        }

        return place!.Value;
    }

    /// <summary>Appends a message that has an entry to itself.</summary>
    public ulong AppendAlone(PartitionLog log, in DeliverMessage message, ulong nowMilliseconds)
    {
        if (log.PendingCount > 0)
        {
            Seal(log, nowMilliseconds);
        }

        ulong seq = Append(log, message, nowMilliseconds);
        Seal(log, nowMilliseconds);
        return seq;
    }

    /// <summary>The room's state has changed: it goes into its record and to its edges with the next flush.</summary>
    public void Save(ChannelState channel)
    {
        Saved?.Invoke(channel);
        if (!channel.IsRoomDirty)
        {
            channel.IsRoomDirty = true;
            _dirtyRooms.Add(channel);
            CountRecords(channel.RoomBytesLast);
        }
    }

    /// <summary>Writes a named value that is no room's with the next flush, or takes it away where it has no bytes; the last one of a name holds.</summary>
    public void SaveRecord(string name, byte[] body)
    {
        CountRecords(body.Length);
        _records.Add(new FabricRecord(name, body));
    }

    /// <summary>These logs are gone with the next flush, whatever they hold.</summary>
    public void Drop(IReadOnlyList<PartitionLog> logs) => _toDrop.AddRange(logs);

    /// <summary>What the log's retention has let go leaves the log with the next flush, and the memory of edges.</summary>
    public void Trim(PartitionLog log)
    {
        if (_toTrim.Add(log))
        {
            CountRecords(RelayRecord.TopBytesMax * log.Recipients.Count);
        }
    }

    /// <summary>Tells every interested edge the top of each log that changed since the last time, a part of them with every flush from here on.</summary>
    public void TellTops() => _tops.Tick();

    public void Build(FabricFlush flush, ulong nowMilliseconds, string master, SlotOwner held)
    {
        flush.Clear();

        // Before the logs are staged, which notes them for the next time.
        WriteTops();
        StageLogs(flush, nowMilliseconds, master);
        StageRooms(flush, master);
        flush.Records.AddRange(_records);
        foreach (EdgeLink link in _dirtyLinks)
        {
            link.IsDirty = false;
            foreach (ChannelState channel in link.Opened)
            {
                SpeakFor(flush, channel, master);
            }

            link.RelayedAtMilliseconds = nowMilliseconds;
            _inFlight.Add(_relays.Write(flush, link));
        }

        if (flush.Slots.Count == 0)
        {
            // Whatever is said is said by an owner, or not at all.
            flush.Slots.Add(held);
        }

        Clear();
        foreach (EdgeLink link in _relays.Finish())
        {
            Touch(link);
        }
    }

    /// <summary>The last flush is over: its buffers go back.</summary>
    public void Release()
    {
        _inFlight.ForEach(static buffer => buffer.Dispose());
        _inFlight.Clear();
        _flushing.ForEach(static channel => channel.IsFlushing = false);
        _flushing.Clear();
    }

    /// <summary>Drops what was collected for a flush that will never be.</summary>
    public void Abandon()
    {
        foreach (StagedEntry entry in _entries)
        {
            entry.Body.Dispose();
        }

        Clear();
        _tops.Clear();
    }

    public void Forget(EdgeLink link)
    {
        _dirtyLinks.Remove(link);
        link.IsDirty = false;
    }

    private void Clear()
    {
        _mustCheck = false;
        _slots.Clear();
        _dirtyLogs.Clear();
        _dirtyLinks.Clear();
        _entries.Clear();
        _toTrim.Clear();
        _dirtyRooms.Clear();
        _records.Clear();
        _toDrop.Clear();
        StagedBytes = 0;
    }

    private void WriteTops()
    {
        int bytes = 0;
        while (bytes < TopsBytesMax && _tops.TryTake(out PartitionLog log))
        {
            foreach (EdgeLink link in log.Recipients)
            {
                if (!link.IsSkipped && !link.IsForgotten)
                {
                    int before = link.Records.WrittenBytes;
                    RelayRecords.WriteTop(link.Records, log);
                    bytes += link.Records.WrittenBytes - before;
                    Touch(link);
                }
            }
        }
    }

    private void StageLogs(FabricFlush flush, ulong nowMilliseconds, string master)
    {
        foreach (PartitionLog log in _dirtyLogs)
        {
            log.IsDirty = false;
            if (log.PendingCount > 0)
            {
                Seal(log, nowMilliseconds);
            }

            SpeakFor(flush, log.Channel, master);
            log.Channel.IsFlushing = true;
            _flushing.Add(log.Channel);
            _tops.Note(log);
        }

        foreach (StagedEntry entry in _entries)
        {
            Stage(flush, entry, nowMilliseconds);
        }

        foreach (PartitionLog log in _toTrim)
        {
            SpeakFor(flush, log.Channel, master);
            StageTrim(flush, log, nowMilliseconds);
        }

        foreach (PartitionLog log in _toDrop)
        {
            SpeakFor(flush, log.Channel, master);
            flush.Drops.Add(log.Key);
        }
    }

    // The state of a room goes to its edges with its tops, as when they ask for them.
    private void StageRooms(FabricFlush flush, string master)
    {
        foreach (ChannelState channel in _dirtyRooms)
        {
            SpeakFor(flush, channel, master);
            channel.IsRoomDirty = false;
            channel.IsFlushing = true;
            _flushing.Add(channel);

            // Whoever is told of the switch may ask for the next, and is often faster than the word that the flush is done.
            channel.IsSwitching = false;
            flush.Records.Add(new FabricRecord(channel.NameText, channel.EncodedRoom));
            foreach (EdgeLink link in channel.Interested)
            {
                if (!link.IsSkipped)
                {
                    link.Opened.Add(channel);
                    Touch(link);
                }
            }
        }
    }

    // Tops are as binding as entries: a master that was fenced must tell neither.
    private void SpeakFor(FabricFlush flush, ChannelState channel, string master)
    {
        if (_slots.Add(channel.Slot))
        {
            flush.Slots.Add(new SlotOwner(channel.Slot, master, channel.Epoch));
        }
    }

    private void Stage(FabricFlush flush, in StagedEntry entry, ulong nowMilliseconds)
    {
        PartitionLog log = entry.Log;
        ulong epoch = log.Channel.Epoch;
        log.Retention.Add(new RetainedEntry(epoch, entry.FirstSeq, entry.LastSeq, nowMilliseconds));
        int index = flush.Appends.Count;

        // A void message alone leaves trimming to whoever asked for it.
        (ulong, ulong)? trimBefore = entry.LastSeq == log.VoidSeq ? null : log.Retention.Trim(nowMilliseconds);
        flush.Appends.Add(new FabricAppend(log.Key, epoch, entry.LastSeq, entry.Body.WrittenMemory, trimBefore));
        _inFlight.Add(entry.Body);
        counters.EntryBytes += entry.Body.WrittenBytes;
        foreach (EdgeLink link in log.Recipients)
        {
            if (link.IsSkipped)
            {
                continue;
            }

            Touch(link);
            if (entry.IsSkipped)
            {
                RelayRecords.WriteSkipped(link.Records, entry);
            }
            else
            {
                _relays.Carry(link, index);
            }
        }
    }

    private void StageTrim(FabricFlush flush, PartitionLog log, ulong nowMilliseconds)
    {
        log.Retention.Trim(nowMilliseconds);
        if (log.Retention.Oldest is not { } oldest)
        {
            return;
        }

        flush.Trims.Add(new FabricTrim(log.Key, oldest.Epoch, oldest.LastSeq));
        foreach (EdgeLink link in log.Recipients)
        {
            if (!link.IsSkipped)
            {
                RelayRecords.WriteTrimmed(link.Records, log);
                Touch(link);
            }
        }
    }

    private ulong AppendPending(PartitionLog log, in DeliverMessage message, ulong nowMilliseconds)
    {
        if (log.PendingCount > 0 && log.Pending.WrittenBytes + message.Payload.Length > ProtocolLimits.DeliverBodyBytesTarget)
        {
            Seal(log, nowMilliseconds);
        }

        if (!log.IsDirty)
        {
            log.IsDirty = true;
            _dirtyLogs.Add(log);
        }

        StagedBytes += DeliverMessage.OverheadBytesMax + message.From.Length + message.Payload.Length;
        return log.Append(message);
    }

    private void Seal(PartitionLog log, ulong nowMilliseconds)
    {
        Position first = log.PendingFirst;
        PooledBuffer body = EntryBody.Write(log, first, log.PendingCount, log.Pending.WrittenSpan, nowMilliseconds);
        _entries.Add(new StagedEntry(log, first.Seq, log.LastSeq, body, log.IsPendingSkipped));
        if (log.IsPendingSkipped)
        {
            CountRecords((RelayRecord.TopBytesMax + MessagePackWriter.IntegerBytesMax) * log.Recipients.Count);
        }

        log.Sealed();
    }
}
