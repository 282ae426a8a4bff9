using RelayServer.Identity;

namespace RelayServer.UnitTests.Host;

/// <summary>Takes the name of a role as a token with it, and of a status as one of that status.</summary>
internal sealed class RoleTokens : ITokenValidator
{
    public ValueTask<TokenResult> ValidateAsync(string token) => ValueTask.FromResult(
        TokenRoleName.TryParse(token, out TokenRole role) ? new TokenResult(TokenStatus.Valid, "root", DateTimeOffset.MaxValue, string.Empty, role)
        : new TokenResult(Enum.TryParse(token, out TokenStatus status) ? status : TokenStatus.Invalid, string.Empty, default, "no"));
}
