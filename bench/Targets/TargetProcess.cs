namespace RelayServer.Bench.Targets;

/// <summary>A process whose CPU and memory a report shows.</summary>
/// <param name="Name">Its part: relay, master, edge, redis.</param>
/// <param name="ProcessId">Its process id.</param>
internal readonly record struct TargetProcess(string Name, int ProcessId);
