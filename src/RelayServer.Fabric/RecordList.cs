namespace RelayServer.Fabric;

/// <summary>Some of the records that a store has.</summary>
/// <param name="Records">In no order; none at all is possible before the end.</param>
/// <param name="Next">Where to go on; 0 at the end.</param>
public sealed record RecordList(IReadOnlyList<FabricRecord> Records, ulong Next);
