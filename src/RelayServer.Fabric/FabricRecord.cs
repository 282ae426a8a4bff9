namespace RelayServer.Fabric;

/// <summary>A named current value: the last one written under a name takes the place of all before. One without a body takes it away.</summary>
/// <param name="Name">At most <see cref="FabricLimits.RecordNameCharactersMax"/> characters, not empty.</param>
/// <param name="Body">
/// At most <see cref="FabricLimits.RecordBytesMax"/> bytes; kept as it is until the flush is done.
/// </param>
public readonly record struct FabricRecord(string Name, ReadOnlyMemory<byte> Body);
