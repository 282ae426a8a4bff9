using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Controls;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Master.Services;
using RelayServer.Master.Speech;
using RelayServer.Master.Splits;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Master.Sequencing;

/// <summary>Decides about one publish at a time: repeated, refused, or the next place in its channel.</summary>
internal sealed class Sequencer(
    MasterOptions options, FlushBuilder builder, DirectRelay relay, Refusals refusals, RoomControls controls, UpdateDesk updates, SplitDesk splits,
    SpeechDesk speech, DeliveryDesk delivery, MasterCounters counters)
{
    private readonly AckBook _acks = new();
    private int _parkedBytes;

    public void Publish(EdgeLink link, ulong batchNo, ChannelState channel, in UpstreamRecord record, ReadOnlySpan<byte> encoded, ulong nowMilliseconds)
    {
        if (PublishBody.TryDecode(record.PublishBody, out PublishBody publish) != DecodeStatus.Ok)
        {
            refusals.Refuse(link, record, ErrorCode.MalformedBody, "the message could not be read"u8);
            return;
        }

        var request = new PublishRequest(link, batchNo, channel, record, encoded)
        {
            Publish = publish,
            Role = channel.Room.RoleOf(record.UserId, (Role)record.Role),
        };
        if (record.Flags.HasFlag(FrameFlags.Ephemeral))
        {
            Ephemeral(request, nowMilliseconds);
            return;
        }

        ProducerHistory producer = channel.Producers.GetOrAdd(record.UserId, publish.ProducerId);
        switch (producer.Find(publish.Number, out MessagePlace place))
        {
            case NumberLookup.Expired:
                refusals.Refuse(request, ErrorCode.NumberExpired,
                    "this message number has left the retention window; use a number above all earlier ones"u8);
                return;
            case NumberLookup.Known:
                counters.Duplicates++;
                Acknowledge(request, place);
                return;
        }

        MessagePlace? given = publish.Kind switch
        {
            MessageKind.Control => controls.Take(request, nowMilliseconds),
            MessageKind.Update => updates.Take(request, nowMilliseconds),
            _ => Speak(request, nowMilliseconds),
        };
        if (given is { } taken)
        {
            channel.Producers.Add(producer, publish.Number, taken);
            counters.Publishes++;
            Acknowledge(request, taken);
        }
    }

    /// <summary>Keeps a publish or a query until its channel's log has been read.</summary>
    public void Park(EdgeLink link, ulong batchNo, ChannelState channel, in UpstreamRecord record, ReadOnlySpan<byte> encoded)
    {
        if (_parkedBytes + encoded.Length > options.ParkedBytesMax)
        {
            refusals.Refuse(link, record, ErrorCode.Overloaded, "the room is being opened; try again"u8, Refusals.RetryAfterMilliseconds);
            return;
        }

        link.Park(batchNo);
        _parkedBytes += encoded.Length;
        channel.Parked.Enqueue(new ParkedRecord(link, batchNo, encoded.ToArray()));
    }

    public void Unpark(in ParkedRecord parked)
    {
        parked.Link.Unpark(parked.BatchNo);
        _parkedBytes -= parked.Record.Length;
    }

    public void WriteAcks() => _acks.WriteAll();

    /// <summary>Drops what was staged and what waits.</summary>
    public void Abandon()
    {
        _acks.Forget();
        _parkedBytes = 0;
    }

    private MessagePlace? Speak(in PublishRequest request, ulong nowMilliseconds)
    {
        ChannelState channel = request.Channel;
        if (!speech.MaySpeak(request, nowMilliseconds))
        {
            return null;
        }

        splits.Place(request.Channel, request.Link, nowMilliseconds);
        if (Permissions.Allows(request.Role, RoomVerb.Broadcast, ChannelKind.Room))
        {
            return builder.AppendToAll(channel, request.Message, nowMilliseconds);
        }

        PartitionLog log = channel.PartitionOf(request.Record.UserId, request.Link);
        channel.Policy?.CountMessage();
        ulong seq = delivery.IsSkipped(request, log, nowMilliseconds)
            ? builder.AppendSkipped(log, request.Message, nowMilliseconds)
            : builder.Append(log, request.Message, nowMilliseconds);
        return new MessagePlace(log, channel.Epoch, seq);
    }

    private void Ephemeral(in PublishRequest request, ulong nowMilliseconds)
    {
        ChannelState channel = request.Channel;
        if (request.Publish.Kind is MessageKind.Control or MessageKind.Update)
        {
            refusals.Refuse(request, ErrorCode.BadFlags, "changes of rooms and updates are logged; they cannot be ephemeral"u8);
            return;
        }

        if (!speech.MaySpeak(request, nowMilliseconds))
        {
            return;
        }

        splits.Place(request.Channel, request.Link, nowMilliseconds);
        if (Permissions.Allows(request.Role, RoomVerb.Broadcast, ChannelKind.Room))
        {
            foreach (PartitionLog log in channel.Partitions)
            {
                relay.Ephemeral(log, request.Message, nowMilliseconds);
            }

            return;
        }

        PartitionLog own = channel.PartitionOf(request.Record.UserId, request.Link);
        if (!delivery.IsDropped(request, own, nowMilliseconds))
        {
            relay.Ephemeral(own, request.Message, nowMilliseconds);
        }
    }

    private void Acknowledge(in PublishRequest request, MessagePlace place)
    {
        if (request.WantsAck)
        {
            // A service is not told whose inbox it wrote to, nor its place there: that of another service's update would be next to it.
            byte[]? alias = request.Channel.Kind == ChannelKind.Inbox && request.Publish.Kind == MessageKind.Update ? request.Publish.Channel.ToArray() : null;
            _acks.Add(new AckKey(request.Link, request.Record.Session, place.Log, request.Publish.ProducerId, place.Epoch, alias), request.Publish.Number, alias is null ? place.Seq : 0);
            builder.Touch(request.Link);
        }
    }
}
