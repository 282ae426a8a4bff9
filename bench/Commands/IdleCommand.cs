using System.CommandLine;

namespace RelayServer.Bench.Commands;

/// <summary><c>idle</c>: what a connection costs that only stays.</summary>
internal static class IdleCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("idle", "Many authenticated, joined, idle connections on one edge.");
}
