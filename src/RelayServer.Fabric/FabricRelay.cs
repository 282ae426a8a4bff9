namespace RelayServer.Fabric;

/// <summary>
/// One message to one edge: <paramref name="Head"/>, then for each index the body of that append as a MessagePack
/// bin 32. The bodies are named, not copied, so that a store can put the message together where the bodies are.
/// </summary>
/// <param name="To">The edge.</param>
/// <param name="Head">Encoded relay head (FABRIC.md).</param>
/// <param name="Appends">Indexes into <see cref="FabricFlush.Appends"/>.</param>
public readonly record struct FabricRelay(FabricAddress To, ReadOnlyMemory<byte> Head, IReadOnlyList<int> Appends);
