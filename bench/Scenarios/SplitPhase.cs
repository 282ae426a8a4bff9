namespace RelayServer.Bench.Scenarios;

/// <summary>What one division of the room cost, for each second of its measured phase.</summary>
/// <param name="Name">How the room was divided.</param>
/// <param name="Partitions">Into how many parts.</param>
/// <param name="PublishesPerSecond">Messages acked.</param>
/// <param name="RelayedBytesPerSecond">Bytes from the master to the edges.</param>
/// <param name="DeliveredBytesPerSecond">Bytes from the edges to the members.</param>
/// <param name="CpuCores">CPU of each process, in cores; in the order of the processes.</param>
internal sealed record SplitPhase(
    string Name, int Partitions, double PublishesPerSecond, double RelayedBytesPerSecond, double DeliveredBytesPerSecond, IReadOnlyList<double> CpuCores);
