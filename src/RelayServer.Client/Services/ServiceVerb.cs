namespace RelayServer.Client.Services;

/// <summary>Something that a service can be told to do.</summary>
public sealed record ServiceVerb
{
    /// <summary>The word in the command: 1–32 characters <c>a-z0-9-</c>, the first a letter.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a line; at most 200 bytes of UTF-8.</summary>
    public required string Summary { get; init; }

    /// <summary>What follows the word, in order. The optional ones are the last, and so is <see cref="ServiceParameterKind.Rest"/>.</summary>
    public IReadOnlyList<ServiceParameter> Parameters { get; init; } = [];

    /// <summary>True when the result goes to the room that the command was given in; else it goes to the caller alone.</summary>
    public bool AnswersRoom { get; init; }

    /// <summary>True when it is said of an item: by replying to its card or by pressing an action of it.</summary>
    public bool NeedsItem { get; init; }

    /// <summary>How long the caller waits for the result, in milliseconds; 0 for the default, 10,000.</summary>
    public uint DeadlineMilliseconds { get; init; }
}
