namespace RelayServer.Fabric;

/// <summary>Some of the logs that a store has.</summary>
/// <param name="Logs">In no order; none at all is possible before the end.</param>
/// <param name="Next">Where to go on; 0 at the end.</param>
public sealed record LogList(IReadOnlyList<LogKey> Logs, ulong Next);
