using RelayServer.Identity;

namespace RelayServer.IntegrationTests.Support;

/// <summary>
/// Takes <c>user:NAME</c> as a token of that user, and <c>ROLE:NAME</c>, such as <c>service:shop</c>, as one with a role, for
/// tests that are not about tokens.
/// </summary>
internal sealed class UserTokens : ITokenValidator
{
    private const string NoRole = "user";

    public ValueTask<TokenResult> ValidateAsync(string token)
    {
        int colon = token.IndexOf(':', StringComparison.Ordinal);
        string word = colon < 0 ? string.Empty : token[..colon];
        TokenRole role = TokenRole.Member;
        bool isValid = word == NoRole || Enum.TryParse(word, ignoreCase: true, out role);
        return ValueTask.FromResult(isValid
            ? new TokenResult(TokenStatus.Valid, token[(colon + 1)..], DateTimeOffset.UtcNow.AddHours(1), string.Empty, word == NoRole ? TokenRole.Member : role)
            : new TokenResult(token == "expired" ? TokenStatus.Expired : TokenStatus.Invalid, string.Empty, default, "no"));
    }
}
