using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>A subscription of this room or inbox ends before long, or has ended because its time was over.</summary>
public sealed class RelaySubscriptionNotice : RelayEntry
{
    private RelaySubscriptionNotice(DeliveredBatch batch, in DeliverMessage message, string from)
        : base(batch, message, from)
    {
    }

    /// <summary>Which of the two.</summary>
    public required SubscriptionEvent Event { get; init; }

    /// <summary>As <c>service.topic</c>.</summary>
    public required string Topic { get; init; }

    /// <summary>When it ends, or ended.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What a message says; null when it is of a later version.</summary>
    internal static RelaySubscriptionNotice? Decode(DeliveredBatch batch, in DeliverMessage message, SenderNames senders) =>
        SubscriptionPayload.TryDecode(message.Payload, out SubscriptionPayload payload) != DecodeStatus.Ok || !Enum.IsDefined(payload.Event)
            ? null
            : new RelaySubscriptionNotice(batch, message, senders.Get(message.From))
            {
                Event = payload.Event,
                Topic = Encoding.UTF8.GetString(payload.Topic),
                ExpiresAt = RoomStatus.ReadTime(payload.ExpiresAtMilliseconds) ?? DateTimeOffset.MaxValue,
            };
}
