namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>What a fetch came to.</summary>
/// <param name="Kind">What.</param>
internal sealed record FetchResult(FetchKind Kind)
{
    /// <summary>With <see cref="FetchKind.Changed"/>: the document, unpacked.</summary>
    public byte[] Document { get; init; } = [];

    /// <summary>Where it was read in the end; null for a file.</summary>
    public Uri? Origin { get; init; }

    /// <summary>What to ask with the next time.</summary>
    public FeedValidators Validators { get; init; } = FeedValidators.None;

    /// <summary>How long the server wants to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How long the server says that what it sent is good; null when it does not say.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>With a failure: why, for the operator.</summary>
    public string Reason { get; init; } = string.Empty;
}
