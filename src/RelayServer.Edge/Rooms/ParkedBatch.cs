using RelayServer.Edge.Transport;

namespace RelayServer.Edge.Rooms;

/// <summary>A batch that came before the one that belongs in front of it.</summary>
internal readonly record struct ParkedBatch(SharedFrame Frame, ulong Epoch, ulong FirstSeq, ulong LastSeq);
