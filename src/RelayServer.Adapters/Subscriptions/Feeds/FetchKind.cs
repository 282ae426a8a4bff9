namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>What a fetch came to.</summary>
internal enum FetchKind
{
    /// <summary>There is a document.</summary>
    Changed,

    /// <summary>It is what it was.</summary>
    Unchanged,

    /// <summary>It failed this time.</summary>
    Failed,

    /// <summary>It is gone for good and not asked for again.</summary>
    Gone,
}
