namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>The order in which the items of a feed become updates.</summary>
internal static class FeedOrder
{
    /// <summary>The oldest first: by their dates when all have one, else as feeds are written, the newest on top.</summary>
    public static IEnumerable<FeedItem> OldestFirst(IReadOnlyList<FeedItem> items)
    {
        IEnumerable<FeedItem> upwards = items.Reverse();
        return items.All(item => item.PublishedAt is not null) ? upwards.OrderBy(item => item.PublishedAt) : upwards;
    }
}
