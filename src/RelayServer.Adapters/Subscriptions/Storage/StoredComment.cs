namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>A comment as it is kept.</summary>
internal sealed record StoredComment
{
    /// <summary>Its place among the item's comments, from 1.</summary>
    public long Number { get; init; }

    /// <summary>Who wrote it, as the service knows them.</summary>
    public required string Subject { get; init; }

    /// <summary>When, in milliseconds since 1970.</summary>
    public long WrittenAt { get; init; }

    /// <summary>What it says.</summary>
    public required string Text { get; init; }
}
