namespace RelayServer.Fabric;

/// <summary>One log entry to append.</summary>
/// <param name="Log">To which log.</param>
/// <param name="Epoch">Epoch of the writer.</param>
/// <param name="LastSeq">Sequence number of the entry's last message.</param>
/// <param name="Body">The DELIVER body; kept as it is until the flush is done.</param>
/// <param name="TrimBefore">
/// Entries whose (epoch, last seq) is before this pair leave the log, not necessarily at once; this entry itself stays.
/// Null trims nothing.
/// </param>
public readonly record struct FabricAppend(
    LogKey Log, ulong Epoch, ulong LastSeq, ReadOnlyMemory<byte> Body, (ulong Epoch, ulong Seq)? TrimBefore);
