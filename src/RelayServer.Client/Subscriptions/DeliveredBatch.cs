using RelayServer.Protocol;

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
            if ((message.Seq != 0 && message.Seq <= SkipThroughSeq) || message.Kind > MessageKind.Data)
            {
                continue;
            }

            new ReadOnlySpan<byte>(Body).Overlaps(message.Payload, out int payloadOffset);
            destination.Add(new RelayMessage(this, message, senders.Get(message.From), payloadOffset));
        }
    }
}
