namespace RelayServer.Client;

/// <summary>What a service is to be told to do.</summary>
public sealed record CommandRequest
{
    /// <summary>Which service; empty for the relay itself, which knows the verb <c>help</c>.</summary>
    public required string Service { get; init; }

    /// <summary>Which of its verbs; <c>help</c>, or empty, for what it can be told to do.</summary>
    public required string Verb { get; init; }

    /// <summary>
    /// For the verb's parameters, in their order, without quotation marks: at most 16 of at most 2,000 bytes each. That of a
    /// parameter which takes the rest of the line is one argument, too.
    /// </summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The joined room that it is said in, where its result goes when the verb answers the room; null for none.</summary>
    public string? Room { get; init; }

    /// <summary>The item of the service that it is about, at most 128 bytes; null for none.</summary>
    public string? Item { get; init; }

    /// <summary>The language that the answer is wanted in, such as <c>de</c>, at most 35 bytes; empty for the service's own.</summary>
    public string Locale { get; init; } = string.Empty;
}
