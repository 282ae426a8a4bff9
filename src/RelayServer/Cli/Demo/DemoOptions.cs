using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.Identity;

namespace RelayServer.Cli.Demo;

/// <summary>What <c>relay demo live</c> was asked to play, and where.</summary>
internal sealed record DemoOptions
{
    public required string Room { get; init; }

    public required TimeSpan Length { get; init; }

    public required int Viewers { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<RelayEndpoint> Edges { get; init; }

    public ConnectionTls? Tls { get; init; }

    /// <summary>Makes a token for a user.</summary>
    public required Func<string, TokenRole, string> Mint { get; init; }

    /// <summary>What to add to a command so that it finds the same relay.</summary>
    public string WatchOptions { get; init; } = string.Empty;
}
