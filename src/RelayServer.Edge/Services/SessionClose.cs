using RelayServer.Edge.Sessions;
using RelayServer.Protocol;

namespace RelayServer.Edge.Services;

/// <summary>Ends a session, and says why.</summary>
internal delegate void SessionClose(EdgeSession session, ErrorCode code, ReadOnlySpan<byte> text);
