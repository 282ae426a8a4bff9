using RelayServer.Identity;

namespace RelayServer.Hosting;

/// <summary>The keys and revocations of the authentication server in this process, which may not run yet.</summary>
internal sealed class AuthPartKeys(AuthPart part) : ITokenKeySource, ITokenRevocations
{
    public SigningKey? Find(string issuer, string keyId) => part.Server?.Find(issuer, keyId);

    public ValueTask<SigningKey?> FindAfreshAsync(string issuer, string keyId) =>
        part.Server is { } server ? server.FindAfreshAsync(issuer, keyId) : ValueTask.FromResult<SigningKey?>(null);

    public int Refresh() => part.Server?.Refresh() ?? 0;

    public bool IsRevoked(TokenIdentity token, string userId) => part.Server?.IsRevoked(token, userId) == true;
}
