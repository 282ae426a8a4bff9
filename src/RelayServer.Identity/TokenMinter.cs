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
    public string Mint(string userId, TimeSpan lifetime, TokenRole role = TokenRole.Member) =>
        Mint(new TokenGrant { UserId = userId, Lifetime = lifetime, Role = role });

    /// <summary>Makes a token.</summary>
    /// <exception cref="ArgumentException">Something in it would not be accepted, or it becomes too large.</exception>
    public string Mint(TokenGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (FindProblem(grant) is { } problem)
        {
            throw new ArgumentException(problem, nameof(grant));
        }

        DateTime now = _time.GetUtcNow().UtcDateTime;
        string token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _key.Issuer,
            Audience = grant.Audience ?? _audience,
            IssuedAt = now,
            Expires = now + grant.Lifetime,
            Claims = ClaimsOf(grant),
            SigningCredentials = new SigningCredentials(_key.Key.SecurityKey, _key.Key.Algorithm.ToString()),
        });
        return token.Length <= TokenValidator.TokenBytesMax
            ? token
            : throw new ArgumentException($"the token is larger than {TokenValidator.TokenBytesMax} bytes", nameof(grant));
    }

    private static string? FindProblem(TokenGrant grant)
    {
        if (UserId.FindProblem(grant.UserId) is { } problem)
        {
            return $"the user id {problem}";
        }

        if (grant.Lifetime < TimeSpan.FromSeconds(1) || grant.Lifetime > LifetimeMax)
        {
            return $"the lifetime must be between 1 s and {LifetimeMax.TotalDays} days";
        }

        if (grant.Service is not null && (grant.Role != TokenRole.Service || !TokenServiceName.IsValid(grant.Service)))
        {
            return grant.Role != TokenRole.Service
                ? "only a token with the role service names a service"
                : $"the service name {grant.Service} is not 1 to {TokenServiceName.CharactersMax} of a-z, 0-9 and -, beginning with a letter";
        }

        if (grant.Consents is { } consents && (consents.Count > TokenServiceName.ConsentsMax || consents.Any(name => !TokenServiceName.IsValid(name))))
        {
            return $"the consents are not at most {TokenServiceName.ConsentsMax} names of services";
        }

        return grant.SessionId is not null && !TokenPayload.IsSessionId(grant.SessionId)
            ? $"the session id is not 1 to {TokenPayload.SessionCharactersMax} visible ASCII characters"
            : null;
    }

    private static Dictionary<string, object> ClaimsOf(TokenGrant grant)
    {
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = grant.UserId,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
        };
        if (grant.Role != TokenRole.Member)
        {
            claims[TokenRoleName.Claim] = TokenRoleName.Of(grant.Role);
        }

        if (grant.Service is not null)
        {
            claims[TokenServiceName.ServiceClaim] = grant.Service;
        }

        if (grant.Consents is not null)
        {
            claims[TokenServiceName.ConsentsClaim] = grant.Consents.ToArray();
        }

        if (grant.SessionId is not null)
        {
            claims[TokenPayload.SessionClaim] = grant.SessionId;
        }

        return claims;
    }
}
