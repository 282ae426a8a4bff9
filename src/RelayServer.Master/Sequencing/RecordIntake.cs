using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Links;
using RelayServer.Master.Presence;
using RelayServer.Master.Queries;
using RelayServer.Master.Reactions;
using RelayServer.Master.Services;
using RelayServer.Master.Splits;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Sequencing;

/// <summary>Takes what edges send, record by record, to whoever decides about it; what needs a channel that is being read waits for that.</summary>
/// <param name="epochs">By slot the epoch at which it is held; 0: it is not.</param>
/// <param name="channels">The channels in memory.</param>
/// <param name="builder">Collects the next flush.</param>
internal sealed class RecordIntake(ulong[] epochs, ChannelTable channels, FlushBuilder builder)
{
    // Edges that are there say what they are interested in as soon as they hear of the new owner.
    private const ulong SettleMilliseconds = 2000;

    private readonly Queue<ChannelState> _unparking = new();
    private readonly BatchQueue _waiting = new();

    /// <summary>Enough is collected for one flush, or waits for it: nothing may overtake that.</summary>
    public bool IsFull => builder.IsFull || !_waiting.IsEmpty;

    public required Refusals Refusals { get; init; }

    public required Sequencer Sequencer { get; init; }

    public required AutoSplitDesk AutoSplits { get; init; }

    public required SplitDesk Splits { get; init; }

    public required Expiry Expiry { get; init; }

    public required PresenceDesk Presence { get; init; }

    public required ReactionDesk Reactions { get; init; }

    public required QueryDesk Queries { get; init; }

    public required CommandDesk Commands { get; init; }

    public required UpdateDesk Updates { get; init; }

    public required ChannelOpener Opener { get; init; }

    /// <summary>Takes the records of a batch, as far as the next flush has room for them; the others go with those after it. False when one cannot be read.</summary>
    public bool Take(EdgeLink link, ulong batchNo, ReadOnlySpan<byte> records, ulong nowMilliseconds)
    {
        var reader = new MessagePackReader(records);
        while (reader.RemainingBytes > 0)
        {
            int start = reader.Offset;
            if (IsFull)
            {
                return _waiting.Add(link, batchNo, records[start..]);
            }

            UpstreamRecord record = UpstreamRecord.Read(ref reader, records);
            if (reader.Status != DecodeStatus.Ok)
            {
                return false;
            }

            Take(link, batchNo, record, records[start..reader.Offset], nowMilliseconds);
        }

        return true;
    }

    /// <summary>Takes a record; <paramref name="encoded"/> are its bytes.</summary>
    private void Take(EdgeLink link, ulong batchNo, in UpstreamRecord record, ReadOnlySpan<byte> encoded, ulong nowMilliseconds)
    {
        ReadOnlySpan<byte> name = record.Channel;
        switch (record.Kind)
        {
            case UpstreamKind.Publish:
                name = PlaceOf(link, record, nowMilliseconds);
                break;
            case UpstreamKind.Query:
                name = Queries.Begin(link, record);
                break;
            case UpstreamKind.Command or UpstreamKind.Register or UpstreamKind.Return:
                TakeForService(link, record, nowMilliseconds);
                return;
        }

        if (name.IsEmpty)
        {
            return;
        }

        // Edges check names before they forward; this guards the log against an edge that does not.
        if (ChannelName.KindOf(name) is null || epochs[Slot.Of(name)] == 0)
        {
            Refusals.RefuseUnowned(link, record);
            return;
        }

        switch (record.Kind)
        {
            case UpstreamKind.Publish or UpstreamKind.Query or UpstreamKind.Interest:
                if (channels.GetOrAdd(name, epochs[Slot.Of(name)], nowMilliseconds) is not { } opened)
                {
                    Refusals.RefuseChannel(link, record);
                }
                else if (record.Kind == UpstreamKind.Interest)
                {
                    TakeInterest(link, opened, record, nowMilliseconds);
                }
                else
                {
                    Ask(link, batchNo, opened, record, encoded, nowMilliseconds);
                }

                break;
            default:
                if (channels.Find(name) is { } known)
                {
                    TakeNews(link, known, record, nowMilliseconds);
                }

                break;
        }
    }

    /// <summary>The channel's logs have been read: what waited for it gets its place, and who asked for it its top.</summary>
    public void Loaded(ChannelState channel, ulong nowMilliseconds)
    {
        channel.SwitchedAtMilliseconds = nowMilliseconds;
        channel.SettledAtMilliseconds = channel.IsBlank ? nowMilliseconds : nowMilliseconds + SettleMilliseconds;
        AutoSplits.Watch(channel, nowMilliseconds);
        Expiry.Opening(channel, nowMilliseconds);
        foreach (EdgeLink link in channel.Interested)
        {
            Splits.AddEdge(channel, link, nowMilliseconds);
            Open(link, channel);
        }

        _unparking.Enqueue(channel);
        Unpark(nowMilliseconds);
        Opener.Loaded(channel, nowMilliseconds);
    }

    /// <summary>The channel cannot be read: what waits for it is refused. Its edges would hold all that they have sent since, and give it up after a while.</summary>
    public void Unreadable(ChannelState channel, ulong nowMilliseconds)
    {
        _unparking.Enqueue(channel);
        Unpark(nowMilliseconds);
        Opener.Unreadable(channel, nowMilliseconds);
    }

    /// <summary>A flush is on its way: goes on with what there was no room for in it.</summary>
    public void GoOn(ulong nowMilliseconds)
    {
        Unpark(nowMilliseconds);
        Opener.GoOn(nowMilliseconds);
        while (!builder.IsFull && _waiting.TryTake(out ParkedRecord next))
        {
            if (!next.Link.IsForgotten)
            {
                builder.Touch(next.Link);
                var reader = new MessagePackReader(next.Record);
                Take(next.Link, next.BatchNo, UpstreamRecord.Read(ref reader, next.Record), next.Record, nowMilliseconds);
            }
        }
    }

    // What waited for a log may be more than one flush takes. Where the store has gone away meanwhile it waits on.
    private void Unpark(ulong nowMilliseconds)
    {
        while (!builder.IsFull && _unparking.TryPeek(out ChannelState? channel))
        {
            if (!channel.IsDecided || !channel.Parked.TryDequeue(out ParkedRecord parked))
            {
                _unparking.Dequeue();
                channels.ForgetIfEmpty(channel);
                continue;
            }

            Sequencer.Unpark(parked);
            builder.Touch(parked.Link);
            var reader = new MessagePackReader(parked.Record);
            Decide(parked.Link, parked.BatchNo, channel, UpstreamRecord.Read(ref reader, parked.Record), parked.Record, nowMilliseconds);
        }
    }

    /// <summary>The members of a channel have been counted for a split.</summary>
    public void Counted(PendingSplit pending, ulong nowMilliseconds)
    {
        if (pending.Askers.Count == 0)
        {
            AutoSplits.Counted(pending, nowMilliseconds);
            return;
        }

        // Decided about once more, now with the count: much may have happened since.
        pending.Channel.Counted = pending;
        foreach (ParkedRecord asker in pending.Askers)
        {
            var reader = new MessagePackReader(asker.Record);
            Decide(asker.Link, asker.BatchNo, pending.Channel, UpstreamRecord.Read(ref reader, asker.Record), asker.Record, nowMilliseconds);
        }

        pending.Channel.Counted = null;
    }

    /// <summary>Drops what waits.</summary>
    public void Abandon()
    {
        _unparking.Clear();
        _waiting.Clear();
        Opener.Abandon();
    }

    // Where a message is to go; empty when it has been refused. A service does not know whose inbox it means.
    private ReadOnlySpan<byte> PlaceOf(EdgeLink link, scoped in UpstreamRecord record, ulong nowMilliseconds)
    {
        if (PublishBody.TryDecode(record.PublishBody, out PublishBody publish) != DecodeStatus.Ok)
        {
            Refusals.Refuse(link, record, ErrorCode.MalformedBody, "the message could not be read"u8);
            return [];
        }

        if (record.Service.IsEmpty || publish.Kind != MessageKind.Update || ChannelName.KindOf(publish.Channel) != ChannelKind.Inbox)
        {
            return publish.Channel;
        }

        if (Updates.FindInbox(record.Service, publish.Channel, nowMilliseconds, out byte[] inbox) is { } refusal)
        {
            Refusals.Refuse(link, record, refusal.Code, Encoding.UTF8.GetBytes(refusal.Text), refusal.RetryAfterMilliseconds);
        }

        return inbox;
    }

    private void TakeForService(EdgeLink link, in UpstreamRecord record, ulong nowMilliseconds)
    {
        switch (record.Kind)
        {
            case UpstreamKind.Command:
                Commands.Take(link, record, nowMilliseconds);
                break;
            case UpstreamKind.Register:
                Commands.Services.Register(link, record, nowMilliseconds);
                break;
            default:
                Commands.Services.Return(link, record, nowMilliseconds);
                break;
        }
    }

    private void Ask(EdgeLink link, ulong batchNo, ChannelState channel, in UpstreamRecord record, ReadOnlySpan<byte> encoded, ulong nowMilliseconds)
    {
        if (channel.IsDecided && channel.Parked.Count == 0)
        {
            Decide(link, batchNo, channel, record, encoded, nowMilliseconds);
        }
        else
        {
            Sequencer.Park(link, batchNo, channel, record, encoded);
        }
    }

    private void Decide(EdgeLink link, ulong batchNo, ChannelState channel, in UpstreamRecord record, ReadOnlySpan<byte> encoded, ulong nowMilliseconds)
    {
        if (channel.Phase != ChannelPhase.Ready)
        {
            ControlRefusal refusal = ChannelOpener.CannotBeRead;
            Refusals.Refuse(link, record, refusal.Code, Encoding.UTF8.GetBytes(refusal.Text), refusal.RetryAfterMilliseconds);
        }
        else if (record.Kind == UpstreamKind.Query)
        {
            Queries.Answer(link, channel, record, nowMilliseconds);
        }
        else
        {
            Sequencer.Publish(link, batchNo, channel, record, encoded, nowMilliseconds);
        }
    }

    private void TakeInterest(EdgeLink link, ChannelState channel, in UpstreamRecord record, ulong nowMilliseconds)
    {
        bool isAlone = channel.Interested.Count == 0;
        channels.AddInterest(channel, link, record.Observe);
        link.Interests.Add(channel);
        if (channel.Phase == ChannelPhase.Ready)
        {
            if (isAlone)
            {
                Expiry.Opening(channel, nowMilliseconds);
            }

            Splits.AddEdge(channel, link, nowMilliseconds);
            Splits.CountLate(channel, link);
            Open(link, channel);
        }
    }

    private void TakeNews(EdgeLink link, ChannelState channel, in UpstreamRecord record, ulong nowMilliseconds)
    {
        switch (record.Kind)
        {
            case UpstreamKind.Disinterest:
                // The answer that may still be due is not waited for any more.
                link.Opened.Remove(channel);
                link.Interests.Remove(channel);
                Presence.Leave(link, channel);
                channels.RemoveInterest(channel, link, nowMilliseconds);
                break;
            case UpstreamKind.Presence:
                Presence.Take(link, channel, record);
                break;
            case UpstreamKind.Reactions:
                Reactions.Take(link, channel, record);
                break;
            case UpstreamKind.Census:
                Splits.TakeCensus(link, channel, record, nowMilliseconds);
                break;
        }
    }

    // The next relay to the edge tells the channel's tops.
    private void Open(EdgeLink link, ChannelState channel)
    {
        link.Opened.Add(channel);
        builder.CountRecords(2 * RelayRecord.TopBytesMax);
        builder.Touch(link);
        Presence.Tell(link, channel);
    }
}
