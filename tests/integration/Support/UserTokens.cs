using RelayServer.Identity;

namespace RelayServer.IntegrationTests.Support;

/// <summary>
/// Takes <c>user:NAME</c> as a token of that user, and <c>ROLE:NAME</c>, such as <c>service:shop</c>, as one with a role, for
/// tests that are not about tokens. <c>speaker:SERVICE</c> speaks for a service, and <c>allows:NAME SERVICE…</c> is a user who has allowed
/// these services and no others.
/// </summary>
internal sealed class UserTokens : ITokenValidator
{
    private const string NoRole = "user";
    private const string Speaker = "speaker";
    private const string Allows = "allows";

    public ValueTask<TokenResult> ValidateAsync(string token)
    {
        int colon = token.IndexOf(':', StringComparison.Ordinal);
        string word = colon < 0 ? string.Empty : token[..colon];
        if (word is Speaker or Allows)
        {
            string[] words = token[(colon + 1)..].Split(' ');
            return ValueTask.FromResult(word == Speaker
                ? new TokenResult(
                    TokenStatus.Valid, "speaker-" + words[0], DateTimeOffset.UtcNow.AddHours(1), string.Empty, TokenRole.Service, Service: words[0])
                : new TokenResult(TokenStatus.Valid, words[0], DateTimeOffset.UtcNow.AddHours(1), string.Empty, Consents: words[1..]));
        }

        TokenRole role = TokenRole.Member;
        bool isValid = word == NoRole || Enum.TryParse(word, ignoreCase: true, out role);
        return ValueTask.FromResult(isValid
            ? new TokenResult(TokenStatus.Valid, token[(colon + 1)..], DateTimeOffset.UtcNow.AddHours(1), string.Empty, word == NoRole ? TokenRole.Member : role)
            : new TokenResult(token == "expired" ? TokenStatus.Expired : TokenStatus.Invalid, string.Empty, default, "no"));
    }
}
