using RelayServer.Client;
using RelayServer.Rooms;

namespace RelayServer.Cli.Services;

/// <summary>Has a subscription last longer, with the subjects that it has: to subscribe again would replace those, too.</summary>
internal static class SubscriptionRenewal
{
    /// <summary>What to ask the relay for; null when there is no such subscription.</summary>
    /// <param name="subscriptions">Those of the room or inbox.</param>
    /// <param name="topic">Which.</param>
    /// <param name="seconds">How long from now; null for as long as it was made for.</param>
    /// <param name="now">The time.</param>
    public static RoomControl? Of(IEnumerable<TopicSubscription> subscriptions, string topic, uint? seconds, DateTimeOffset now)
    {
        if (subscriptions.FirstOrDefault(one => one.Topic == topic) is not { } subscription)
        {
            return null;
        }

        TimeSpan? length = seconds is { } given ? LengthOf(given) : subscription.ExpiresAt - subscription.Since;
        return RoomControl.Subscribe(topic, subscription.Subjects, length is { } time ? (ulong)(now + time).ToUnixTimeMilliseconds() : 0);
    }

    /// <summary>What to say where there is none.</summary>
    public static string Missing(string topic) => $"there is no subscription to {topic}";

    private static TimeSpan? LengthOf(uint seconds) => seconds == RoomLimits.ForGoodSeconds ? null : TimeSpan.FromSeconds(seconds);
}
