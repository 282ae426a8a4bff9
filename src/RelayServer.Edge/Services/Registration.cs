namespace RelayServer.Edge.Services;

/// <summary>What a session that is an instance of a service has said of it.</summary>
/// <param name="Body">Of its REGISTER.</param>
/// <param name="Correlation">Of its REGISTER.</param>
/// <param name="IsAnswered">The session has been told.</param>
internal readonly record struct Registration(byte[] Body, uint Correlation, bool IsAnswered);
