using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RelayServer.Protocol;

namespace RelayServer.Identity;

/// <summary>
/// Validates signed JSON Web Tokens (RFC 7519) against keys from configuration. The key, found by issuer and key id,
/// fixes the algorithm. Safe for any number of threads.
/// </summary>
public sealed class TokenValidator : ITokenValidator
{
    /// <summary>The largest token that is looked at, in bytes.</summary>
    public const int TokenBytesMax = ProtocolLimits.TokenBytesMax;

    private const int Parts = 3;
    private const int EncryptedParts = 5;

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = TokenBytesMax, MapInboundClaims = false };
    private readonly Dictionary<(string Issuer, string KeyId), SigningKey> _keys = [];
    private readonly TokenValidatorOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a validator.</summary>
    /// <exception cref="ArgumentException">No key, the same key twice, no audience, or too much skew.</exception>
    public TokenValidator(TokenValidatorOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentException.ThrowIfNullOrEmpty(options.Audience);
        if (options.Keys.Count == 0 && options.KeySources.Count == 0)
        {
            throw new ArgumentException("at least one key is needed", nameof(options));
        }

        if (options.Skew < TimeSpan.Zero || options.Skew > TokenValidatorOptions.SkewMax)
        {
            throw new ArgumentException($"the skew must be between 0 and {TokenValidatorOptions.SkewMax.TotalSeconds} s", nameof(options));
        }

        foreach (TrustedKey trusted in options.Keys)
        {
            ArgumentException.ThrowIfNullOrEmpty(trusted.Issuer);
            if (!_keys.TryAdd((trusted.Issuer, trusted.Key.Id), trusted.Key))
            {
                throw new ArgumentException($"issuer {trusted.Issuer} has the key id {trusted.Key.Id} twice", nameof(options));
            }
        }

        _options = options;
        _time = time;
    }

    /// <inheritdoc/>
    public async ValueTask<TokenResult> ValidateAsync(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        string? shapeProblem = FindShapeProblem(token);
        if (shapeProblem is not null)
        {
            return Invalid(shapeProblem);
        }

        int dot = token.IndexOf('.', StringComparison.Ordinal);
        if (!TokenHeader.TryParse(Base64Url.DecodeFromChars(token.AsSpan(0, dot)), out TokenHeader header, out string problem))
        {
            return Invalid(problem);
        }

        byte[] claims = Base64Url.DecodeFromChars(token.AsSpan((dot + 1)..token.LastIndexOf('.')));
        if (!TokenPayload.TryParse(claims, out TokenPayload payload, out problem))
        {
            return Invalid(problem);
        }

        JsonWebToken? jwt = Parse(token);
        if (jwt is null)
        {
            return Invalid("The token cannot be read.");
        }

        SigningKey? key = Find(jwt.Issuer, header.KeyId);
        if (key is null && _options.KeySources.Count > 0)
        {
            key = await FindAfreshAsync(jwt.Issuer, header.KeyId);
        }

        if (key is null)
        {
            return Invalid("No key is known for the token's issuer (\"iss\") and key id (\"kid\").");
        }

        if (!string.Equals(header.Algorithm, key.Algorithm.ToString(), StringComparison.Ordinal))
        {
            return Invalid($"The token's \"alg\" is not the algorithm of its key, {key.Algorithm}.");
        }

        TokenValidationResult result = await _handler.ValidateTokenAsync(jwt, Parameters(jwt.Issuer, key));
        return result.IsValid ? CheckClaims(jwt, payload) : Invalid(Describe(result.Exception));
    }

    /// <inheritdoc/>
    public int RefreshRevocations()
    {
        int sum = 0;
        foreach (ITokenRevocations list in _options.Revocations)
        {
            sum = unchecked(sum + list.Refresh());
        }

        return sum;
    }

    /// <inheritdoc/>
    public bool IsRevoked(TokenIdentity token, string userId)
    {
        foreach (ITokenRevocations list in _options.Revocations)
        {
            if (list.IsRevoked(token, userId))
            {
                return true;
            }
        }

        return false;
    }

    private static TokenResult Invalid(string problem) => new(TokenStatus.Invalid, string.Empty, default, problem);

    private static string? FindShapeProblem(string token)
    {
        if (token.Length > TokenBytesMax)
        {
            return $"The token is larger than {TokenBytesMax} bytes.";
        }

        if (token.AsSpan().Count('.') == EncryptedParts - 1)
        {
            return "Encrypted tokens are not accepted; send a signed one.";
        }

        int parts = 0;
        foreach (Range range in token.AsSpan().Split('.'))
        {
            parts++;
            if (range.End.Value == range.Start.Value || !Base64Url.IsValid(token.AsSpan()[range]) || token.AsSpan()[range].ContainsAny("= \t\r\n"))
            {
                return parts == Parts && range.End.Value == range.Start.Value
                    ? "Unsigned tokens are not accepted."
                    : "The token is not three base64url parts joined by dots.";
            }
        }

        return parts == Parts ? null : "The token is not three base64url parts joined by dots.";
    }

    private static JsonWebToken? Parse(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception malformed) when (malformed is ArgumentException or JsonException or FormatException or SecurityTokenException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Describe(Exception? problem) => problem switch
    {
        SecurityTokenInvalidAudienceException => "The token is for somebody else (\"aud\").",
        SecurityTokenInvalidIssuerException => "The token's issuer (\"iss\") is not accepted.",
        _ => "The token's signature does not fit its key.",
    };

    private SigningKey? Find(string issuer, string keyId)
    {
        if (_keys.TryGetValue((issuer, keyId), out SigningKey? key))
        {
            return key;
        }

        foreach (ITokenKeySource source in _options.KeySources)
        {
            if (source.Find(issuer, keyId) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private async ValueTask<SigningKey?> FindAfreshAsync(string issuer, string keyId)
    {
        foreach (ITokenKeySource source in _options.KeySources)
        {
            if (await source.FindAfreshAsync(issuer, keyId) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private TokenValidationParameters Parameters(string issuer, SigningKey key) => new()
    {
        ValidAlgorithms = [key.Algorithm.ToString()],
        IssuerSigningKey = key.SecurityKey,
        TryAllIssuerSigningKeys = false,
        ValidIssuer = issuer,
        ValidAudience = _options.Audience,
        RequireSignedTokens = true,
        RequireAudience = true,

        // Times are checked after the signature, against our own clock: a token that we did not sign is never "expired".
        ValidateLifetime = false,
    };

    private TokenResult CheckClaims(JsonWebToken jwt, TokenPayload payload)
    {
        if (!jwt.TryGetPayloadValue(JwtRegisteredClaimNames.Exp, out object? _) || jwt.ValidTo == DateTime.MinValue)
        {
            return Invalid("The token has no expiry (\"exp\").");
        }

        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset acceptedUntil = AddSkew(jwt.ValidTo);
        if (now >= acceptedUntil)
        {
            string expiry = jwt.ValidTo.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            return new TokenResult(TokenStatus.Expired, string.Empty, default, $"The token expired at {expiry}; sign in again.");
        }

        if (jwt.ValidFrom != DateTime.MinValue && AddSkew(now.UtcDateTime) < jwt.ValidFrom)
        {
            return Invalid("The token is not valid yet (\"nbf\").");
        }

        if (!jwt.TryGetPayloadValue(JwtRegisteredClaimNames.Sub, out object? subject) || subject is not string userId)
        {
            return Invalid("The token has no subject (\"sub\").");
        }

        string? problem = UserId.FindProblem(userId);
        if (problem is not null)
        {
            return Invalid($"The token's subject (\"sub\") {problem}.");
        }

        TokenRole role = TokenRole.Member;
        if (jwt.TryGetPayloadValue(TokenRoleName.Claim, out object? named)
            && !(named is string name && TokenRoleName.TryParse(name, out role)))
        {
            return Invalid("The token's role (\"role\") is unknown.");
        }

        if (payload.Service is not null && role != TokenRole.Service)
        {
            return Invalid("The token names a service (\"service\") and is of another role.");
        }

        // Of issuers there are as many as settings name, of tokens as many as connections.
        var identity = new TokenIdentity(string.Intern(jwt.Issuer), jwt.Id ?? string.Empty, payload.SessionId ?? string.Empty);
        RefreshRevocations();
        return IsRevoked(identity, userId)
            ? new TokenResult(TokenStatus.Revoked, string.Empty, default, "The token was revoked; sign in again.")
            : new TokenResult(TokenStatus.Valid, userId, acceptedUntil, string.Empty, role, payload.Service, payload.Consents, identity);
    }

    private DateTimeOffset AddSkew(DateTime time) =>
        time > DateTime.MaxValue - _options.Skew ? DateTimeOffset.MaxValue : new DateTimeOffset(time, TimeSpan.Zero) + _options.Skew;
}
