using RelayServer.Client;

namespace RelayServer.Cli.Services;

/// <summary>Reads lists of subscriptions to their end.</summary>
internal static class SubscriptionPages
{
    private const int PagesMax = 100;

    /// <summary>What a room, or one's own inbox when that is null, has subscribed to.</summary>
    /// <exception cref="RelayException">Refused, or not answered.</exception>
    public static async Task<IReadOnlyList<TopicSubscription>> ReadAsync(RelayClient client, string? room, CancellationToken cancellationToken)
    {
        List<TopicSubscription> subscriptions = [];
        SubscriptionPage page;
        int pages = 0;
        do
        {
            page = await client.QuerySubscriptionsAsync(room, subscriptions.LastOrDefault()?.Topic, cancellationToken: cancellationToken);
            subscriptions.AddRange(page.Subscriptions);
        }
        while (page is { HasMore: true, Subscriptions.Count: > 0 } && ++pages < PagesMax);
        return subscriptions;
    }
}
