using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RelayServer.Guards;
using RelayServer.Identity;

namespace RelayServer.Accounts.Providers;

/// <summary>Checks id tokens of one provider (OpenID Connect Core, 3.1.3.7). The key decides the algorithm; claims are read strictly.</summary>
internal sealed class ProviderToken(AuthProviderOptions options, ProviderKeys keys, TimeProvider time)
{
    public const int TokenCharactersMax = 8192;

    /// <summary>The longest a token may be good, from its making to its expiry: so long it is remembered.</summary>
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(1);

    /// <summary>How far the provider's clock may be off.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    internal const int SubjectCharactersMax = 255;
    private const int DepthMax = 16;

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = TokenCharactersMax, MapInboundClaims = false };

    /// <summary>The subject of a token, or what is wrong with it.</summary>
    public async Task<(string Subject, string? Problem)> ValidateAsync(string token, string? nonce)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3 || parts.Any(part => part.Length == 0 || !Base64Url.IsValid(part) || part.Contains('=', StringComparison.Ordinal)))
        {
            return Refused("it is not three base64url parts: a signed token is needed");
        }

        if (!TokenHeader.TryParse(Base64Url.DecodeFromChars(parts[0]), out TokenHeader header, out string problem))
        {
            return Refused(problem);
        }

        ProviderKey? key = await keys.FindAsync(header.KeyId);
        if (key is null)
        {
            return Refused("the provider has no usable key of its \"kid\", or cannot be reached");
        }

        if (header.Algorithm != key.Algorithm)
        {
            return Refused($"its \"alg\" is not the one of its key, {key.Algorithm}");
        }

        TokenValidationResult result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [key.Algorithm],
            IssuerSigningKey = key.Key,
            TryAllIssuerSigningKeys = false,
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            RequireSignedTokens = true,
            RequireAudience = true,

            // Below, against our own clock.
            ValidateLifetime = false,
        });
        return result.IsValid ? CheckClaims(Base64Url.DecodeFromChars(parts[1]), nonce) : Refused(Describe(result.Exception));
    }

    private static (string Subject, string? Problem) Refused(string problem) => (string.Empty, problem);

    private static string Describe(Exception problem) => problem switch
    {
        SecurityTokenInvalidAudienceException => "it is for another client (\"aud\")",
        SecurityTokenInvalidIssuerException => "it is of another issuer (\"iss\")",
        _ => "its signature does not fit its key",
    };

    private static double? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds)
            ? seconds
            : null;

    private (string Subject, string? Problem) CheckClaims(byte[] utf8, string? nonce)
    {
        JsonElement claims;
        try
        {
            using JsonDocument document = JsonText.Parse(utf8, DepthMax);
            claims = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            claims = default;
        }

        if (claims.ValueKind != JsonValueKind.Object)
        {
            return Refused("a claim is there twice, or the claims are no JSON object");
        }

        double now = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        double skew = Skew.TotalSeconds;
        if (Time(claims, "exp") is not { } expiry || now >= expiry + skew)
        {
            return Refused("it has expired (\"exp\")");
        }

        if (Time(claims, "iat") is not { } made || expiry - made > LifetimeMax.TotalSeconds)
        {
            return Refused("it does not say when it was made (\"iat\"), or lives longer than a day");
        }

        if (Time(claims, "nbf") > now + skew || made > now + skew)
        {
            return Refused("it is of the future (\"nbf\", \"iat\")");
        }

        if (claims.GetProperty("aud") is { ValueKind: JsonValueKind.Array } clients && clients.GetArrayLength() != 1)
        {
            return Refused("it is for other clients, too (\"aud\")");
        }

        if (claims.TryGetProperty("azp", out _) && JsonText.Find(claims, "azp") != options.Audience)
        {
            return Refused("it was given to another client (\"azp\")");
        }

        if (nonce is not null && JsonText.Find(claims, "nonce") != nonce)
        {
            return Refused("its \"nonce\" is another");
        }

        return JsonText.Find(claims, "sub") is { Length: > 0 and <= SubjectCharactersMax } subject ? (subject, null) : Refused("it has no subject (\"sub\")");
    }
}
