using RelayServer.Client;

namespace RelayServer.Cli.Services;

/// <summary>Reads lists of subscriptions to their end.</summary>
internal static class SubscriptionPages
{
    /// <summary>What a room, or one's own inbox when that is null, has subscribed to.</summary>
    /// <exception cref="RelayException">Refused, or not answered.</exception>
    public static Task<IReadOnlyList<TopicSubscription>> ReadAsync(RelayClient client, string? room, CancellationToken cancellationToken) =>
        AllPages.ReadAsync<TopicSubscription>(async last =>
        {
            SubscriptionPage page = await client.QuerySubscriptionsAsync(room, last?.Topic, cancellationToken: cancellationToken);
            return (page.Subscriptions, page.HasMore);
        });
}
