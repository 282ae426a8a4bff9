namespace RelayServer.Client.Services;

/// <summary>Something of a service that users and rooms can subscribe to.</summary>
public sealed record ServiceTopic
{
    /// <summary>What names it: 1–64 characters <c>a-z0-9-</c>, the first a letter.</summary>
    public required string Name { get; init; }

    /// <summary>What people read, 1–200 bytes of UTF-8.</summary>
    public required string Title { get; init; }

    /// <summary>True when any subject may be chosen, also one that <see cref="Subjects"/> does not list.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The subjects that the menu offers, each name once.</summary>
    public IReadOnlyList<ServiceSubject> Subjects { get; init; } = [];
}
