using RelayServer.Identity;

namespace RelayServer.IntegrationTests.Support;

/// <summary>Takes <c>user:NAME</c> as a token of that user, for tests that are not about tokens.</summary>
internal sealed class UserTokens : ITokenValidator
{
    private const string Prefix = "user:";

    public ValueTask<TokenResult> ValidateAsync(string token) => ValueTask.FromResult(
        token.StartsWith(Prefix, StringComparison.Ordinal)
            ? new TokenResult(TokenStatus.Valid, token[Prefix.Length..], DateTimeOffset.UtcNow.AddHours(1), string.Empty)
            : new TokenResult(token == "expired" ? TokenStatus.Expired : TokenStatus.Invalid, string.Empty, default, "no"));
}
