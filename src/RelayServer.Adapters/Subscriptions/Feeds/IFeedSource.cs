namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>Where one feed is read.</summary>
internal interface IFeedSource
{
    /// <summary>What names it in the store; for the operator, too.</summary>
    string Name { get; }

    /// <summary>What polls of it take turns by; null when there is no need to.</summary>
    string? Host { get; }

    /// <summary>Reads it. Says what went wrong in its result; throws only when cancelled.</summary>
    Task<FetchResult> FetchAsync(FeedValidators validators, CancellationToken cancellationToken);
}
