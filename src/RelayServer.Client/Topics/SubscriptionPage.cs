using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>Some of the subscriptions of a room or inbox, in the order of their topics.</summary>
/// <param name="Channel">The room or inbox.</param>
/// <param name="Subscriptions">The subscriptions.</param>
/// <param name="HasMore">There are more after the last one.</param>
public sealed record SubscriptionPage(string Channel, IReadOnlyList<TopicSubscription> Subscriptions, bool HasMore)
{
    /// <summary>What an ANSWER says; null when it is not one about subscriptions.</summary>
    public static SubscriptionPage? Decode(ReadOnlySpan<byte> answer)
    {
        if (SubscriptionListBody.TryDecode(answer, out SubscriptionListBody body) != DecodeStatus.Ok)
        {
            return null;
        }

        var subscriptions = new List<TopicSubscription>(body.Subscriptions.Count);
        foreach (SubscriptionEntry entry in body.Subscriptions)
        {
            subscriptions.Add(TopicSubscription.From(entry));
        }

        return new SubscriptionPage(Encoding.UTF8.GetString(body.Channel), subscriptions, body.HasMore);
    }
}
