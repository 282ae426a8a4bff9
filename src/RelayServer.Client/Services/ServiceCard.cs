namespace RelayServer.Client.Services;

/// <summary>An item of a service as the chat window shows it.</summary>
public sealed record ServiceCard
{
    /// <summary>What names the item for ever in its service, 1–128 bytes of UTF-8.</summary>
    public required string Item { get; init; }

    /// <summary>Its heading, 1–200 bytes of UTF-8.</summary>
    public required string Title { get; init; }

    /// <summary>Plain text, at most 4,000 bytes of UTF-8.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Where to read on: an absolute http or https address of at most 500 bytes; empty for none.</summary>
    public string Link { get; init; } = string.Empty;

    /// <summary>A picture: an absolute http or https address of at most 500 bytes; empty for none.</summary>
    public string Image { get; init; } = string.Empty;

    /// <summary>More about it, at most 16.</summary>
    public IReadOnlyList<CardField> Fields { get; init; } = [];

    /// <summary>What can be done with it, at most 8.</summary>
    public IReadOnlyList<CardAction> Actions { get; init; } = [];
}
