namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>An item as it is kept.</summary>
internal sealed record StoredItem
{
    /// <summary>Names it in its service.</summary>
    public required string Item { get; init; }

    /// <summary>Its heading.</summary>
    public required string Title { get; init; }

    /// <summary>What it says, or empty.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Where to read on, or empty.</summary>
    public string Link { get; init; } = string.Empty;

    /// <summary>Its picture, or empty.</summary>
    public string Image { get; init; } = string.Empty;

    /// <summary>Its topic without the service's name; empty when it has none.</summary>
    public string Topic { get; init; } = string.Empty;

    /// <summary>When it was published, in milliseconds since 1970; 0 when nobody knows.</summary>
    public long PublishedAt { get; init; }
}
