using System.CommandLine;

namespace RelayServer.Bench.Commands;

/// <summary><c>micro</c>: what single operations cost.</summary>
internal static class MicroCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("micro", "Single operations, in nanoseconds and allocated bytes.");
}
