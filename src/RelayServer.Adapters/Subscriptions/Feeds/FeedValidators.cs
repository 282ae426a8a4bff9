namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>What a server said of a version, to be asked whether there is a newer one.</summary>
/// <param name="ETag">Its entity tag, quotation marks included; null when it had none.</param>
/// <param name="LastModified">Its Last-Modified header as it was written; null when it had none.</param>
internal sealed record FeedValidators(string? ETag, string? LastModified)
{
    /// <summary>Nothing is known.</summary>
    public static FeedValidators None { get; } = new(null, null);
}
