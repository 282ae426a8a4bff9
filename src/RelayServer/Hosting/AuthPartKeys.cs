using RelayServer.Identity;

namespace RelayServer.Hosting;

/// <summary>The keys and revocations of the authentication server in this process, which may not run yet.</summary>
internal sealed class AuthPartKeys(AuthPart part) : ITokenKeySource, ITokenRevocations
{
    public SigningKey? Find(string issuer, string keyId) => part.Server?.Find(issuer, keyId);

    public ValueTask<SigningKey?> FindAfreshAsync(string issuer, string keyId) =>
        part.Server is { } server ? server.FindAfreshAsync(issuer, keyId) : ValueTask.FromResult<SigningKey?>(null);

    public bool IsRevoked(string issuer, string tokenId, string userId, string sessionId) =>
        part.Server?.IsRevoked(issuer, tokenId, userId, sessionId) == true;
}
