using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>A DELIVER as it waits for its reader: the body, copied once, and what its messages share.</summary>
internal sealed class DeliveredBatch
{
    public required string Channel { get; init; }

    public required byte[] Body { get; init; }

    public required Position First { get; init; }

    public required Position Last { get; init; }

    /// <summary>Messages up to here were delivered before; the reader passes over them.</summary>
    public required ulong SkipThroughSeq { get; init; }

    /// <summary>Its log ends with it: the last message is of a split or merge.</summary>
    public bool EndsLog { get; init; }

    public required ulong AtMilliseconds { get; init; }

    public required ulong OwnProducerId { get; init; }

    /// <summary>
    /// Decodes the messages that are new and of a kind that this version knows; the body was checked when it was received.
    /// </summary>
    public void Decode(List<RelayEvent> destination, SenderNames senders)
    {
        if (DeliverBody.TryDecode(Body, out DeliverBody body) != DecodeStatus.Ok)
        {
            throw new InvalidOperationException("a checked batch no longer decodes");
        }

        destination.EnsureCapacity(destination.Count + body.Count);
        foreach (DeliverMessage message in body)
        {
            if ((message.Seq == 0 || message.Seq > SkipThroughSeq) && Decode(message, senders) is { } decoded)
            {
                destination.Add(decoded);
            }
        }
    }

    // Null for what holds a place only, and for what a later version has.
    private RelayEvent? Decode(in DeliverMessage message, SenderNames senders)
    {
        switch (message.Kind)
        {
            case MessageKind.Text or MessageKind.Data:
                new ReadOnlySpan<byte>(Body).Overlaps(message.Payload, out int payloadOffset);
                return new RelayMessage(this, message, senders.Get(message.From), payloadOffset);
            case MessageKind.Room when RoomControl.DecodeLogged(message.Payload) is { } control:
                return new RelayRoomChange(this, message, senders.Get(message.From), control);
            case MessageKind.Split when SplitNotice.Decode(message.Payload) is { } notice:
                return new RelaySplit(this, message, senders.Get(message.From), notice);
            case MessageKind.Deleted:
                return new RelayDeletion(this, message, senders.Get(message.From));
            case MessageKind.Presence:
                return RelayPresence.From(this, message.Payload);
            case MessageKind.Update:
                return RelayUpdate.Decode(this, message, senders);
            case MessageKind.Result:
                return RelayCommandDone.Decode(this, message, senders);
            case MessageKind.Subscription:
                return RelaySubscriptionNotice.Decode(this, message, senders);
            default:
                return null;
        }
    }
}
