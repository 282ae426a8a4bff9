using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Controls;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Master.Splits;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>
/// The master as a pure state machine: batches of edges and pages of logs go in, flushes and requests to read come
/// out. It has no clock, thread, socket or randomness of its own; its host calls it from one thread at a time and
/// keeps at most one flush under way.
/// </summary>
internal sealed class MasterCore : IDisposable
{
    private const ulong QuietMillisecondsMax = 2000;

    private readonly MasterOptions _options;
    private readonly byte[] _masterId;
    private readonly ulong[] _epochs = new ulong[Slot.Count];
    private readonly EdgeTable _edges;
    private readonly ChannelTable _channels;
    private readonly FlushBuilder _builder;
    private readonly Refusals _refusals;
    private readonly SplitDesk _splits;
    private readonly RoomControls _controls;
    private readonly Sequencer _sequencer;
    private readonly Expiry _expiry;
    private readonly Queue<ChannelState> _unparking = new();
    private ulong _flushedAtMilliseconds;

    public MasterCore(MasterOptions options, byte[] masterId, MasterCounters counters)
    {
        _options = options;
        _masterId = masterId;
        _edges = new EdgeTable(options);
        _channels = new ChannelTable(options, counters);
        _builder = new FlushBuilder(masterId, counters);
        _refusals = new Refusals(_builder, counters);
        _splits = new SplitDesk(_builder) { Counted = Counted };
        _controls = new RoomControls(_builder, _splits, _refusals);
        _sequencer = new Sequencer(options, _builder, _refusals, _controls, counters);
        _expiry = new Expiry(_channels, _builder, counters);
    }

    /// <summary>Enough is staged: no more input until <see cref="TryBuildFlush"/> has taken it.</summary>
    public bool IsFull => _builder.IsFull;

    public int ChannelCount => _channels.Count;

    public int EdgeCount => _edges.Count;

    /// <summary>The highest epoch held so far: the next claim must be above it.</summary>
    public ulong EpochMax => _epochs.Max();

    /// <summary>
    /// Takes the slots of a claim. All channels are read again from the log, and every edge starts anew: what was
    /// staged and not committed is no longer valid.
    /// </summary>
    public void Own(IReadOnlyList<SlotOwner> slots)
    {
        Array.Clear(_epochs);
        foreach (SlotOwner slot in slots)
        {
            _epochs[slot.Slot] = slot.Epoch;
        }

        _edges.Clear();
        _channels.Clear();
        _unparking.Clear();
        _builder.Abandon();
        _sequencer.Abandon();
        _splits.Abandon();
    }

    /// <summary>
    /// Looks at the head of a message that waits to be received. Confirmations must not wait: the flush that has to go
    /// before more is received may be waiting for them.
    /// </summary>
    public void Hear(ReadOnlySpan<byte> message, ulong nowMilliseconds)
    {
        var reader = new MessagePackReader(message);
        UpstreamHeader header = UpstreamHeader.Read(ref reader);
        if (reader.Status == DecodeStatus.Ok && _edges.TryGet(header.EdgeId, out EdgeLink? link))
        {
            Heard(link, header, nowMilliseconds);
        }
    }

    /// <summary>Takes a message of an edge; false when it cannot be read.</summary>
    public bool Receive(ReadOnlySpan<byte> message, ulong nowMilliseconds)
    {
        var reader = new MessagePackReader(message);
        UpstreamHeader header = UpstreamHeader.Read(ref reader);
        if (reader.Status != DecodeStatus.Ok)
        {
            return false;
        }

        EdgeLink link = _edges.GetOrAdd(header.EdgeId);
        Heard(link, header, nowMilliseconds);
        if (header.BatchNo == 0)
        {
            if (header.Link != link.Number)
            {
                // Tells an edge the link that it does not know yet, or that its old one is no more.
                _builder.Touch(link);
            }

            return true;
        }

        _builder.Touch(link);
        if (!link.TryReceive(header.Link, header.BatchNo))
        {
            return true;
        }

        while (reader.RemainingBytes > 0)
        {
            int start = reader.Offset;
            UpstreamRecord record = UpstreamRecord.Read(ref reader, message);
            if (reader.Status != DecodeStatus.Ok)
            {
                return false;
            }

            Take(link, header.BatchNo, record, message[start..reader.Offset], nowMilliseconds);
        }

        return true;
    }

    /// <summary>Channels whose record is to be read now, and then their logs; at most the configured number at a time.</summary>
    public bool TryNextLoad(out ChannelState channel)
    {
        channel = null!;
        return !_builder.IsFull && _channels.TryNextLoad(out channel);
    }

    /// <summary>
    /// A log begins with what is too old: has its channel read, which removes that. False when there is no time or
    /// room for it now; it then is to be asked for again.
    /// </summary>
    public bool TryExpire(ReadOnlySpan<byte> name, ulong nowMilliseconds)
    {
        ulong epoch = ChannelName.IsValid(name) ? _epochs[Slot.Of(name)] : 0;
        bool isOthers = epoch == 0 || _channels.Find(name) is not null;
        return isOthers || (!_builder.IsFull && _channels.TryAddUnwanted(name, epoch, nowMilliseconds));
    }

    /// <summary>The channel's logs have been read: what waited for it gets its place, and who asked for it its top.</summary>
    public void Loaded(ChannelState channel, ulong nowMilliseconds)
    {
        if (!_channels.FinishLoad(channel))
        {
            return;
        }

        _expiry.Opening(channel, nowMilliseconds);
        foreach (EdgeLink link in channel.Interested)
        {
            _splits.AddEdge(channel, link, nowMilliseconds);
            Open(link, channel);
        }

        _unparking.Enqueue(channel);
        Unpark(nowMilliseconds);
    }

    /// <summary>The read failed: it is tried again.</summary>
    public void LoadFailed(ChannelState channel) => _channels.RetryLoad(channel);

    /// <summary>Four times a second: what does not wait for a whole one.</summary>
    public void TickQuarter(ulong nowMilliseconds)
    {
        if (!_builder.IsFull)
        {
            _splits.Tick(nowMilliseconds);
        }
    }

    /// <summary>About once a second: tops of changed channels to their edges, silent edges and idle channels forgotten.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        _channels.ForgetIdle(nowMilliseconds);
        _channels.WriteDigests(_builder);
        _expiry.Tick(nowMilliseconds);
        if (nowMilliseconds - _flushedAtMilliseconds > QuietMillisecondsMax)
        {
            _builder.CheckOwnership();
        }

        foreach (EdgeLink link in _edges.Links)
        {
            if (nowMilliseconds - link.HeardAtMilliseconds > (ulong)_options.EdgeTimeoutMilliseconds)
            {
                Forget(link, nowMilliseconds);
            }
            else if (nowMilliseconds - link.RelayedAtMilliseconds > QuietMillisecondsMax)
            {
                // Its number shows whether the one before it was lost.
                _builder.Touch(link);
            }
            else if (link.IsSkipped)
            {
                // It may have lost all that it should confirm. A head is enough to show it.
                _builder.Touch(link);
            }
        }
    }

    /// <summary>
    /// Puts everything staged into <paramref name="flush"/>. False when there is nothing, or when an edge owes so many
    /// confirmations that it is better to wait for it.
    /// </summary>
    public bool TryBuildFlush(ulong nowMilliseconds, FabricFlush flush)
    {
        if (!_builder.HasWork || EpochMax == 0 || _edges.MustWait(nowMilliseconds))
        {
            return false;
        }

        _sequencer.WriteAcks();
        _flushedAtMilliseconds = nowMilliseconds;
        string master = System.Text.Encoding.UTF8.GetString(_masterId);
        int slot = Array.FindIndex(_epochs, epoch => epoch > 0);
        _builder.Build(flush, nowMilliseconds, master, new SlotOwner(slot, master, _epochs[slot]));
        Unpark(nowMilliseconds);
        return true;
    }

    /// <summary>The flush is in the log, or will never be: its buffers are free.</summary>
    public void FlushDone() => _builder.Release();

    /// <summary>Gives back what is staged; buffers of a flush that may still be on its way are left to the collector.</summary>
    public void Dispose() => Own([]);

    // What waited for its log may be more than one flush takes.
    private void Unpark(ulong nowMilliseconds)
    {
        while (!IsFull && _unparking.TryPeek(out ChannelState? channel))
        {
            if (!channel.Parked.TryDequeue(out ParkedRecord parked))
            {
                _unparking.Dequeue();
                continue;
            }

            _sequencer.Unpark(parked);
            _builder.Touch(parked.Link);
            var reader = new MessagePackReader(parked.Record);
            _sequencer.Publish(parked.Link, parked.BatchNo, channel, UpstreamRecord.Read(ref reader, parked.Record), parked.Record, nowMilliseconds);
        }
    }

    private void Heard(EdgeLink link, in UpstreamHeader header, ulong nowMilliseconds)
    {
        link.HeardAtMilliseconds = nowMilliseconds;
        if (link.Confirm(header.Link, header.ConfirmedRelayNo, nowMilliseconds))
        {
            _builder.Touch(link);
        }
    }

    private void Forget(EdgeLink link, ulong nowMilliseconds)
    {
        link.IsForgotten = true;
        foreach (ChannelState channel in link.Interests)
        {
            _channels.RemoveInterest(channel, link, nowMilliseconds);
        }

        _splits.Forget(link);
        _builder.Forget(link);
        _edges.Remove(link);
    }

    private void Take(
        EdgeLink link, ulong batchNo, in UpstreamRecord record, ReadOnlySpan<byte> encoded, ulong nowMilliseconds)
    {
        ReadOnlySpan<byte> name = record.Channel;
        if (record.Kind == UpstreamKind.Publish)
        {
            PublishBody.TryDecode(record.PublishBody, out PublishBody publish);
            name = publish.Channel;
        }

        // Edges check names before they forward; this guards the log against an edge that does not.
        if (!ChannelName.IsValid(name) || _epochs[Slot.Of(name)] == 0)
        {
            _refusals.RefuseUnowned(link, record);
            return;
        }

        ulong epoch = _epochs[Slot.Of(name)];
        switch (record.Kind)
        {
            case UpstreamKind.Publish when _channels.GetOrAdd(name, epoch, nowMilliseconds) is { } channel:
                if (channel.Phase == ChannelPhase.Ready && channel.Parked.Count == 0)
                {
                    _sequencer.Publish(link, batchNo, channel, record, encoded, nowMilliseconds);
                }
                else
                {
                    _sequencer.Park(link, batchNo, channel, record, encoded);
                }

                break;
            case UpstreamKind.Interest when _channels.GetOrAdd(name, epoch, nowMilliseconds) is { } channel:
                bool isAlone = channel.Interested.Count == 0;
                _channels.AddInterest(channel, link, record.Observe);
                link.Interests.Add(channel);
                if (channel.Phase == ChannelPhase.Ready)
                {
                    if (isAlone)
                    {
                        _expiry.Opening(channel, nowMilliseconds);
                    }

                    _splits.AddEdge(channel, link, nowMilliseconds);
                    Open(link, channel);
                }

                break;
            case UpstreamKind.Publish or UpstreamKind.Interest:
                _refusals.RefuseChannel(link, record);
                break;
            case UpstreamKind.Disinterest when _channels.Find(name) is { } channel:
                // The answer that may still be due is not waited for any more.
                link.Opened.Remove(channel);
                link.Interests.Remove(channel);
                _channels.RemoveInterest(channel, link, nowMilliseconds);
                break;
            case UpstreamKind.Census when _channels.Find(name) is { } channel:
                _splits.TakeCensus(link, channel, record, nowMilliseconds);
                break;
        }
    }

    private void Counted(PendingSplit pending, ulong nowMilliseconds)
    {
        if (pending.Asker is not { } asker)
        {
            _controls.SplitByPolicy(pending, nowMilliseconds);
            return;
        }

        // Decided about once more, now with the count: much may have happened since.
        pending.Channel.Counted = pending;
        var reader = new MessagePackReader(asker.Record);
        _sequencer.Publish(
            asker.Link, asker.BatchNo, pending.Channel, UpstreamRecord.Read(ref reader, asker.Record), asker.Record, nowMilliseconds);
        pending.Channel.Counted = null;
    }

    // The next relay to the edge tells the channel's tops.
    private void Open(EdgeLink link, ChannelState channel)
    {
        link.Opened.Add(channel);
        _builder.CountRecords(2 * RelayRecord.TopBytesMax);
        _builder.Touch(link);
    }
}
