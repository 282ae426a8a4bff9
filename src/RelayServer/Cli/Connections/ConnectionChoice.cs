using RelayServer.Client;

namespace RelayServer.Cli.Connections;

/// <summary>Where a command connects to, who as, and how.</summary>
internal sealed record ConnectionChoice
{
    public required IReadOnlyList<RelayEndpoint> Edges { get; init; }

    public required Func<CancellationToken, ValueTask<string>> TokenProvider { get; init; }

    /// <summary>How to encrypt; null for plain TCP.</summary>
    public ConnectionTls? Tls { get; init; }

    /// <summary>What a client is made from.</summary>
    /// <param name="agent">Name and version of the command, for the operator's logs.</param>
    public RelayClientOptions OptionsFor(string agent) => new()
    {
        Endpoints = Edges,
        TokenProvider = TokenProvider,
        Agent = agent,
        Tls = Tls is { } tls ? tls.OptionsFor : null,
    };
}
