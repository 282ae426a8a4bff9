namespace RelayServer.Fabric;

/// <summary>One entry of a log: the batch of one flush.</summary>
/// <param name="Epoch">Epoch of the master that wrote it.</param>
/// <param name="LastSeq">Sequence number of its last message.</param>
/// <param name="Body">A DELIVER body.</param>
public readonly record struct LogEntry(ulong Epoch, ulong LastSeq, ReadOnlyMemory<byte> Body);
