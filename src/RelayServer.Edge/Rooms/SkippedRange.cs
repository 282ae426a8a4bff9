namespace RelayServer.Edge.Rooms;

/// <summary>Messages that are in the log, but that members are not given.</summary>
internal readonly record struct SkippedRange(ulong Epoch, ulong FirstSeq, ulong LastSeq);
