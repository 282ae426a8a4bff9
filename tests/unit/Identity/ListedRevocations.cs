using RelayServer.Identity;

namespace RelayServer.UnitTests.Identity;

/// <summary>Revokes what it lists.</summary>
internal sealed class ListedRevocations(params string[] lines) : ITokenRevocations
{
    public int Refresh() => 0;

    public bool IsRevoked(TokenIdentity token, string userId) =>
        lines.Contains(token.TokenId) || lines.Contains("user:" + userId) || lines.Contains("session:" + token.SessionId);
}
