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
    private const int EphemeralBytesMax = 4 * 1024 * 1024;

    private readonly List<ChannelState> _dirtyChannels = [];
    private readonly List<EdgeLink> _dirtyLinks = [];
    private readonly List<StagedEntry> _entries = [];
    private readonly List<ChannelState> _changed = [];
    private readonly HashSet<ChannelState> _toTrim = [];
    private readonly List<PooledBuffer> _inFlight = [];
    private readonly List<ChannelState> _flushing = [];
    private readonly HashSet<int> _slots = [];
    private readonly Dictionary<EdgeLink, List<int>> _indexesByLink = [];
    private long _stagedBytes;
    private bool _mustCheck;

    /// <summary>
    /// Enough is staged for one flush: more input waits until it is on its way. Far enough below the fabric's limits
    /// that one more batch of an edge cannot reach them.
    /// </summary>
    public bool IsFull => _stagedBytes >= StagedBytesMax || _entries.Count + _dirtyChannels.Count + _toTrim.Count >= StagedEntriesMax;

    public bool HasWork => _mustCheck || _toTrim.Count > 0 || _dirtyLinks.Count > 0 || _dirtyChannels.Count > 0 || _entries.Count > 0;

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
    public void CountRecords(int bytes) => _stagedBytes += bytes;

    public ulong Append(ChannelState channel, in DeliverMessage message, ulong nowMilliseconds)
    {
        if (channel.PendingCount > 0 && channel.Pending.WrittenBytes + message.Payload.Length > ProtocolLimits.DeliverBodyBytesTarget)
        {
            Seal(channel, nowMilliseconds);
        }

        if (!channel.IsDirty)
        {
            channel.IsDirty = true;
            _dirtyChannels.Add(channel);
        }

        _stagedBytes += DeliverMessage.OverheadBytesMax + message.From.Length + message.Payload.Length;
        return channel.Append(message);
    }

    /// <summary>What the channel's retention has let go leaves the log with the next flush, and the memory of edges.</summary>
    public void Trim(ChannelState channel)
    {
        if (_toTrim.Add(channel))
        {
            CountRecords(RelayRecord.TopBytesMax * channel.Interested.Count);
        }
    }

    /// <summary>
    /// Hands a message that is not logged to every interested edge. Such messages are copied once per edge, so they
    /// are the first to go when there is much.
    /// </summary>
    public void Ephemeral(ChannelState channel, in DeliverMessage message, ulong nowMilliseconds)
    {
        counters.Ephemerals++;
        using var encoded = new PooledBuffer();
        message.TryEncode(encoded.Reserve(DeliverMessage.OverheadBytesMax + message.From.Length + message.Payload.Length), out int bytes);
        encoded.Advance(bytes);
        using PooledBuffer body = WriteBody(
            channel, new Position(channel.Log.Generation, channel.Log.Partition, channel.Epoch, 0), 1, encoded.WrittenSpan, nowMilliseconds);
        if (_stagedBytes + ((long)body.WrittenBytes * channel.Interested.Count) > EphemeralBytesMax)
        {
            counters.EphemeralsDropped++;
            return;
        }

        foreach (EdgeLink link in channel.Interested)
        {
            if (link.IsSkipped)
            {
                continue;
            }

            RelayRecords.Write(link.Records, new RelayRecord { Kind = RelayKind.Ephemeral, Body = body.WrittenSpan });
            _stagedBytes += body.WrittenBytes;
            Touch(link);
        }
    }

    /// <summary>Tells the channel's edges its top.</summary>
    public void WriteTop(ChannelState channel)
    {
        foreach (EdgeLink link in channel.Interested)
        {
            if (!link.IsSkipped)
            {
                CountRecords(RelayRecord.TopBytesMax);
                RelayRecords.WriteTop(link.Records, RelayKind.Top, channel.Name, channel.Top);
                Touch(link);
            }
        }
    }

    /// <summary>Channels appended to since the last call.</summary>
    public IReadOnlyList<ChannelState> TakeChanged()
    {
        ChannelState[] changed = [.. _changed.Distinct()];
        _changed.Clear();
        return changed;
    }

    public void Build(FabricFlush flush, ulong nowMilliseconds, string master, SlotOwner held)
    {
        flush.Clear();
        foreach (ChannelState channel in _dirtyChannels)
        {
            channel.IsDirty = false;
            if (channel.PendingCount > 0)
            {
                Seal(channel, nowMilliseconds);
            }

            SpeakFor(flush, channel, master);
            channel.IsFlushing = true;
            _flushing.Add(channel);
            _changed.Add(channel);
        }

        foreach (StagedEntry entry in _entries)
        {
            Stage(flush, entry, nowMilliseconds);
        }

        foreach (ChannelState channel in _toTrim)
        {
            SpeakFor(flush, channel, master);
            StageTrim(flush, channel, nowMilliseconds);
        }

        foreach (EdgeLink link in _dirtyLinks)
        {
            link.IsDirty = false;
            foreach (ChannelState channel in link.Opened)
            {
                SpeakFor(flush, channel, master);
            }

            link.RelayedAtMilliseconds = nowMilliseconds;
            WriteRelay(flush, link, _indexesByLink.GetValueOrDefault(link));
        }

        if (flush.Slots.Count == 0)
        {
            // Whatever is said is said by an owner, or not at all.
            flush.Slots.Add(held);
        }

        _mustCheck = false;
        _slots.Clear();
        _indexesByLink.Clear();
        _dirtyChannels.Clear();
        _dirtyLinks.Clear();
        _entries.Clear();
        _toTrim.Clear();
        _stagedBytes = 0;
    }

    /// <summary>The last flush is over: its buffers go back.</summary>
    public void Release()
    {
        foreach (PooledBuffer buffer in _inFlight)
        {
            buffer.Dispose();
        }

        _inFlight.Clear();
        foreach (ChannelState channel in _flushing)
        {
            channel.IsFlushing = false;
        }

        _flushing.Clear();
    }

    /// <summary>Drops what was collected for a flush that will never be.</summary>
    public void Abandon()
    {
        foreach (StagedEntry entry in _entries)
        {
            entry.Body.Dispose();
        }

        _entries.Clear();
        _dirtyChannels.Clear();
        _dirtyLinks.Clear();
        _changed.Clear();
        _toTrim.Clear();
        _stagedBytes = 0;
    }

    public void Forget(EdgeLink link)
    {
        _dirtyLinks.Remove(link);
        link.IsDirty = false;
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
        ChannelState channel = entry.Channel;
        channel.Retention.Add(new RetainedEntry(channel.Epoch, entry.FirstSeq, entry.LastSeq, nowMilliseconds));
        int index = flush.Appends.Count;

        // A void message alone leaves trimming to whoever asked for it.
        (ulong, ulong)? trimBefore = entry.LastSeq == channel.VoidSeq ? null : channel.Retention.Trim(nowMilliseconds);
        flush.Appends.Add(new FabricAppend(channel.Log, channel.Epoch, entry.LastSeq, entry.Body.WrittenMemory, trimBefore));
        _inFlight.Add(entry.Body);
        counters.EntryBytes += entry.Body.WrittenBytes;
        foreach (EdgeLink link in channel.Interested)
        {
            if (link.IsSkipped)
            {
                continue;
            }

            Touch(link);
            if (!_indexesByLink.TryGetValue(link, out List<int>? indexes))
            {
                indexes = [];
                _indexesByLink.Add(link, indexes);
            }

            indexes.Add(index);
        }
    }

    private void StageTrim(FabricFlush flush, ChannelState channel, ulong nowMilliseconds)
    {
        channel.Retention.Trim(nowMilliseconds);
        if (channel.Retention.Oldest is not { } oldest)
        {
            return;
        }

        flush.Trims.Add(new FabricTrim(channel.Log, oldest.Epoch, oldest.LastSeq));
        foreach (EdgeLink link in channel.Interested)
        {
            if (!link.IsSkipped)
            {
                WriteTrimmed(link, channel);
                Touch(link);
            }
        }
    }

    private static void WriteTrimmed(EdgeLink link, ChannelState channel)
    {
        if (channel.Retention is { TrimmedSeq: > 0, Oldest: { } oldest })
        {
            var first = new Position(channel.Log.Generation, channel.Log.Partition, oldest.Epoch, oldest.LastSeq);
            RelayRecords.WriteTop(link.Records, RelayKind.Trimmed, channel.Name, first);
        }
    }

    private void WriteRelay(FabricFlush flush, EdgeLink link, List<int>? indexes)
    {
        // An interest is answered with the top after this very flush: what the relay carries lies before it. An edge
        // that asks again may have missed what was trimmed.
        foreach (ChannelState channel in link.Opened)
        {
            RelayRecords.WriteTop(link.Records, RelayKind.Opened, channel.Name, channel.Top);
            WriteTrimmed(link, channel);
        }

        link.Opened.Clear();
        var head = new PooledBuffer();
        var header = new RelayHeader
        {
            MasterId = masterId,
            Link = link.Number,
            RelayNo = link.NextRelay(),
            ReceivedBatchNo = link.ReceivedBatchNo,
            CompletedBatchNo = link.CompletedBatchNo,
        };
        var writer = new MessagePackWriter(head.Reserve(RelayHeader.BytesMax + link.Records.WrittenBytes));
        header.Write(ref writer);
        writer.WriteRaw(link.Records.WrittenSpan);
        head.Advance(writer.WrittenBytes);
        link.Records.Clear();
        _inFlight.Add(head);

        int bytes = head.WrittenBytes;
        foreach (int index in indexes ?? [])
        {
            bytes += flush.Appends[index].Body.Length;
        }

        link.Relayed(header.RelayNo, bytes);
        flush.Relays.Add(new FabricRelay(link.Address, head.WrittenMemory, indexes ?? []));
    }

    private void Seal(ChannelState channel, ulong nowMilliseconds)
    {
        Position first = channel.PendingFirst;
        PooledBuffer body = WriteBody(channel, first, channel.PendingCount, channel.Pending.WrittenSpan, nowMilliseconds);
        _entries.Add(new StagedEntry(channel, first.Seq, channel.LastSeq, body));
        channel.Sealed();
    }

    private static PooledBuffer WriteBody(
        ChannelState channel, Position first, int count, ReadOnlySpan<byte> messages, ulong nowMilliseconds)
    {
        var body = new DeliverBody
        {
            Channel = channel.Name,
            First = first,
            AtMilliseconds = nowMilliseconds,
            Count = count,
            EncodedMessages = messages,
        };
        var buffer = new PooledBuffer();
        body.TryEncode(buffer.Reserve(DeliverBody.OverheadBytesMax + channel.Name.Length + messages.Length), out int bytes);
        buffer.Advance(bytes);
        return buffer;
    }
}
