namespace RelayServer.Fabric;

/// <summary>
/// Takes entries out of one log: those whose (epoch, last seq) is before the given pair, at once, in the flush that
/// names it and after its appends. The log's last entry always stays: when every entry is before the pair, none goes.
/// </summary>
/// <param name="Log">From which log.</param>
/// <param name="Epoch">Epoch of the first entry that stays.</param>
/// <param name="Seq">Last sequence number of the first entry that stays.</param>
public readonly record struct FabricTrim(LogKey Log, ulong Epoch, ulong Seq);
