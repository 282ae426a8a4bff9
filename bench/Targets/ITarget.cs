using System.Net;

namespace RelayServer.Bench.Targets;

/// <summary>The relay under load.</summary>
internal interface ITarget : IAsyncDisposable
{
    /// <summary>What it is, for the report.</summary>
    string Description { get; }

    /// <summary>Where clients connect.</summary>
    IReadOnlyList<IPEndPoint> Edges { get; }

    /// <summary>Tokens to sign in with; connections take turns.</summary>
    IReadOnlyList<byte[]> Tokens { get; }

    /// <summary>The token of an operator; null when none is known.</summary>
    string? OperatorToken { get; }

    /// <summary>Its processes, when they run on this machine and are known.</summary>
    IReadOnlyList<TargetProcess> Processes { get; }

    /// <summary>Where its metrics are, one address per process that has them.</summary>
    IReadOnlyList<Uri> Metrics { get; }

    /// <summary>What it has complained about.</summary>
    IEnumerable<string> Problems { get; }
}
