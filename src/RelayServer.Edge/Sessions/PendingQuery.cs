namespace RelayServer.Edge.Sessions;

/// <summary>A question of a session that has no answer yet.</summary>
internal readonly record struct PendingQuery(uint Correlation, byte[] Channel, ulong AskedAtMilliseconds);
