using RelayServer.Identity;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>Accepts every token, for a short time.</summary>
internal sealed class ShortTokens(TimeSpan lifetime) : ITokenValidator
{
    public ValueTask<TokenResult> ValidateAsync(string token) =>
        ValueTask.FromResult(new TokenResult(TokenStatus.Valid, "alice", DateTimeOffset.UtcNow + lifetime, string.Empty));
}
