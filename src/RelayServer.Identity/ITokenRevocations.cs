namespace RelayServer.Identity;

/// <summary>Knows which tokens were revoked before their expiry. Asked once per sign-in, from any thread.</summary>
public interface ITokenRevocations
{
    /// <summary>True when the token was revoked, by itself or with all of its user's.</summary>
    /// <param name="tokenId">Its <c>jti</c>; empty when it has none.</param>
    /// <param name="userId">Its subject.</param>
    bool IsRevoked(string tokenId, string userId);
}
