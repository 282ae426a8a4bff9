using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RelayServer.Protocol;

namespace RelayServer.Identity;

/// <summary>Makes tokens that a <see cref="TokenValidator"/> with the same key, issuer and audience accepts.</summary>
public sealed class TokenMinter
{
    /// <summary>The longest lifetime that is minted.</summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(366);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly TrustedKey _key;
    private readonly string _audience;
    private readonly TimeProvider _time;

    /// <summary>Makes a minter.</summary>
    /// <exception cref="KeyException">The key is a public one.</exception>
    public TokenMinter(TrustedKey key, string audience, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(audience);
        ArgumentNullException.ThrowIfNull(time);
        if (!key.Key.CanSign)
        {
            throw new KeyException("a public key cannot sign tokens; use the private one");
        }

        _key = key;
        _audience = audience;
        _time = time;
    }

    /// <summary>Makes a token.</summary>
    /// <param name="userId">Its subject.</param>
    /// <param name="lifetime">Until its expiry; whole seconds, at most <see cref="LifetimeMax"/>.</param>
    /// <param name="role">What it lets its holder be; a token for a member names no role.</param>
    /// <exception cref="ArgumentException">The user id, the lifetime or the role would not be accepted.</exception>
    public string Mint(string userId, TimeSpan lifetime, TokenRole role = TokenRole.Member)
    {
        string? problem = UserId.FindProblem(userId);
        if (problem is not null)
        {
            throw new ArgumentException($"the user id {problem}", nameof(userId));
        }

        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > LifetimeMax)
        {
            throw new ArgumentException($"the lifetime must be between 1 s and {LifetimeMax.TotalDays} days", nameof(lifetime));
        }

        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = userId,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
        };
        if (role != TokenRole.Member)
        {
            claims[TokenRoleName.Claim] = TokenRoleName.Of(role);
        }

        DateTime now = _time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _key.Issuer,
            Audience = _audience,
            IssuedAt = now,
            Expires = now + lifetime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(_key.Key.SecurityKey, _key.Key.Algorithm.ToString()),
        });
    }
}
