namespace RelayServer.Client.Services;

/// <summary>What a service is and can do: what it registers with the relay.</summary>
public sealed record ServiceDefinition
{
    /// <summary>What names it in commands: 1–32 characters <c>a-z0-9-</c>, the first a letter. The token must name it, too.</summary>
    public required string Name { get; init; }

    /// <summary>What people read, 1–200 bytes of UTF-8.</summary>
    public required string Title { get; init; }

    /// <summary>What it is for, in a sentence or two; at most 2,000 bytes of UTF-8.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>What it can be told to do, each name once.</summary>
    public IReadOnlyList<ServiceVerb> Verbs { get; init; } = [];

    /// <summary>What can be subscribed to, each name once.</summary>
    public IReadOnlyList<ServiceTopic> Topics { get; init; } = [];

    /// <summary>The titles and summaries in other languages.</summary>
    public IReadOnlyList<ServiceText> Texts { get; init; } = [];
}
