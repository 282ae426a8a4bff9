using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>How a feed stands, kept between polls and restarts.</summary>
internal sealed record FeedState
{
    /// <summary>The version that was read last.</summary>
    public string? Etag { get; init; }

    /// <inheritdoc cref="Etag"/>
    public string? LastModified { get; init; }

    /// <summary>When it was last read well, in milliseconds since 1970; 0 for never.</summary>
    public long PolledAt { get; init; }

    /// <summary>When it is polled next, in milliseconds since 1970.</summary>
    public long DueAt { get; init; }

    /// <summary>Polls in a row that failed.</summary>
    public long Failures { get; init; }

    /// <summary>1 when its server said that it is gone for good.</summary>
    public long IsGone { get; init; }

    /// <summary>Why the last poll failed; empty when it did not.</summary>
    public string Status { get; init; } = string.Empty;

    /// <summary>What to ask its server with.</summary>
    public FeedValidators Validators => new(Etag, LastModified);
}
