namespace RelayServer.Fabric;

/// <summary>Names one ordered log: a partition of a channel in one generation.</summary>
/// <param name="Channel">The channel's name, checked by the edge.</param>
/// <param name="Generation">Grows with every split and merge.</param>
/// <param name="Partition">Part of a split channel.</param>
public readonly record struct LogKey(string Channel, ulong Generation, uint Partition);
