namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>One entry of a feed, in plain text and within the bounds of a card.</summary>
/// <param name="Id">What names it in its feed: the guid or atom:id, else the link, else a hash of what it says.</param>
/// <param name="Title">Its heading; never empty.</param>
/// <param name="Text">What it says, or empty.</param>
/// <param name="Link">An absolute http or https address, or empty.</param>
/// <param name="Image">An absolute http or https address, or empty.</param>
/// <param name="PublishedAt">When it was published; null when it does not say, or not in a way that can be read.</param>
/// <param name="Categories">Its categories as they were written.</param>
internal sealed record FeedItem(
    string Id, string Title, string Text, string Link, string Image, DateTimeOffset? PublishedAt, IReadOnlyList<string> Categories);
