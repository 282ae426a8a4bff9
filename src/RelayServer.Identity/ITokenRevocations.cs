namespace RelayServer.Identity;

/// <summary>Knows which tokens were revoked before their expiry. Asked once per sign-in, from any thread.</summary>
public interface ITokenRevocations
{
    /// <summary>True when the token was revoked, by itself, with its sign-in, or with all of its user's.</summary>
    /// <param name="issuer">Who made it.</param>
    /// <param name="tokenId">Its <c>jti</c>; empty when it has none.</param>
    /// <param name="userId">Its subject.</param>
    /// <param name="sessionId">Its <c>sid</c>; empty when it has none.</param>
    bool IsRevoked(string issuer, string tokenId, string userId, string sessionId);
}
