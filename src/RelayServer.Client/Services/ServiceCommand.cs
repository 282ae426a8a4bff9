namespace RelayServer.Client.Services;

/// <summary>What a service is asked to do, by whom and where.</summary>
public sealed record ServiceCommand
{
    /// <summary>Which of the service's verbs.</summary>
    public required string Verb { get; init; }

    /// <summary>What followed it; checked against the verb's parameters, optional ones left out at the end.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// The caller: the same for every command of one user to this service, another one to every other service, and nothing to
    /// find the user by.
    /// </summary>
    public required string Subject { get; init; }

    /// <summary>
    /// The room that it was given in; null when it was given outside a room, or in one that is to hear nothing of it: it has not let the
    /// service in, or the caller is muted there.
    /// </summary>
    public string? Room { get; init; }

    /// <summary>The item that it is about; null when it is about none.</summary>
    public string? Item { get; init; }

    /// <summary>The same for every repetition of one command: what was done for it is not done again.</summary>
    public required string Key { get; init; }

    /// <summary>The caller's language, such as <c>de</c>; empty when it is not known.</summary>
    public string Locale { get; init; } = string.Empty;

    /// <summary>When the caller stops waiting.</summary>
    public DateTimeOffset Deadline { get; init; }

    /// <summary>Which attempt this is: 1 at first, more when an instance before did not answer.</summary>
    public int Attempt { get; init; } = 1;
}
