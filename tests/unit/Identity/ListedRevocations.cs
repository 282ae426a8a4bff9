using RelayServer.Identity;

namespace RelayServer.UnitTests.Identity;

/// <summary>Revokes what it lists.</summary>
internal sealed class ListedRevocations(params string[] lines) : ITokenRevocations
{
    public bool IsRevoked(string issuer, string tokenId, string userId, string sessionId) =>
        lines.Contains(tokenId) || lines.Contains("user:" + userId) || lines.Contains("session:" + sessionId);
}
