using RelayServer.Identity;
using RelayServer.Protocol;

namespace RelayServer.Edge.Sessions;

/// <summary>How a handshake ended: with a token's holder, or with the reason for a CLOSE.</summary>
internal sealed record HandshakeResult(ErrorCode Code, string Problem, TokenResult? Token, Capabilities Capabilities)
{
    public static HandshakeResult Failed(ErrorCode code, string problem) => new(code, problem, null, Capabilities.None);
}
