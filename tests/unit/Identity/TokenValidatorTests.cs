using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RelayServer.Identity;

namespace RelayServer.UnitTests.Identity;

/// <summary>
/// The checklist line "Tokens": each class of hole that comparable systems had is named by the test that keeps it shut.
/// </summary>
public sealed class TokenValidatorTests : IDisposable
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly ECDsa _pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FixedTime _time = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task ValidateAsync_GoodHs256Token_GivesUserAndExpiry()
    {
        TokenResult result = await Hs256().ValidateAsync(Sign());

        Assert.Equal(TokenStatus.Valid, result.Status);
        Assert.Equal("alice", result.UserId);
        Assert.Equal(FixedTime.Start.AddHours(1).AddSeconds(30), result.ExpiresAt);
        Assert.Empty(result.Problem);
    }

    [Fact]
    public async Task ValidateAsync_GoodEs256Token_IsValidWithPublicHalfOnly()
    {
        TokenResult result = await Es256().ValidateAsync(RawToken.SignEs256(RawToken.Header("ES256"), RawToken.Claims(), _pair));

        Assert.Equal(TokenStatus.Valid, result.Status);
    }

    /// <summary>Centrifugo CVE-2026-32301 and the classic confusion: a public key used as an HMAC secret.</summary>
    [Fact]
    public async Task ValidateAsync_HeaderChoosesHs256ForEcKey_KeyDecidesTheAlgorithm()
    {
        byte[] publicKey = Encoding.ASCII.GetBytes(_pair.ExportSubjectPublicKeyInfoPem());
        string token = RawToken.SignHs256(RawToken.Header("HS256"), RawToken.Claims(), publicKey);

        await AssertInvalidAsync(Es256(), token, "algorithm of its key, ES256");
    }

    [Theory]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("hs256")]
    [InlineData("none")]
    [InlineData("nOnE")]
    [InlineData("")]
    public async Task ValidateAsync_HeaderNamesOtherAlgorithm_KeyDecidesTheAlgorithm(string algorithm)
    {
        await AssertInvalidAsync(Hs256(), RawToken.SignHs256(RawToken.Header(algorithm), RawToken.Claims(), _secret), "algorithm of its key");
    }

    [Fact]
    public async Task ValidateAsync_AlgNoneWithoutSignature_IsRefused()
    {
        string token = RawToken.Encode(JsonSerializer.Serialize(RawToken.Header("none"))) + "." + RawToken.Encode(JsonSerializer.Serialize(RawToken.Claims())) + ".";

        await AssertInvalidAsync(Hs256(), token, "Unsigned");
    }

    [Theory]
    [InlineData("jku", "https://attacker.example/keys")]
    [InlineData("x5u", "https://attacker.example/cert")]
    [InlineData("jwk", "{}")]
    [InlineData("x5c", "MII")]
    [InlineData("crit", "exp")]
    [InlineData("zip", "DEF")]
    [InlineData("JKU", "https://attacker.example/keys")]
    public async Task ValidateAsync_HeaderBringsKeyOrExtension_IsRefusedByName(string name, string value)
    {
        Dictionary<string, object?> header = RawToken.Header();
        header[name] = value;

        await AssertInvalidAsync(Hs256(), Sign(header), $"\"{name.ToLowerInvariant()}\"");
    }

    [Fact]
    public async Task ValidateAsync_HeaderBringsObject_IsRefused()
    {
        Dictionary<string, object?> header = RawToken.Header();
        header["jwk"] = new { kty = "oct", k = "AAAA" };

        await AssertInvalidAsync(Hs256(), Sign(header), "\"jwk\"");
    }

    [Fact]
    public async Task ValidateAsync_EncryptedToken_IsRefused()
    {
        await AssertInvalidAsync(Hs256(), "eyJhbGciOiJkaXIifQ..aaaa.bbbb.cccc", "Encrypted");
    }

    [Fact]
    public async Task ValidateAsync_AlgTwice_IsRefused()
    {
        const string header = """{"alg":"none","alg":"HS256","kid":"k1"}""";

        await AssertInvalidAsync(Hs256(), RawToken.SignHs256(header, JsonSerializer.Serialize(RawToken.Claims()), _secret), "twice");
    }

    [Fact]
    public async Task ValidateAsync_ClaimTwice_IsRefused()
    {
        string claims = JsonSerializer.Serialize(RawToken.Claims());
        claims = claims[..^1] + ",\"sub\":\"mallory\"}";

        await AssertInvalidAsync(Hs256(), RawToken.SignHs256(JsonSerializer.Serialize(RawToken.Header()), claims, _secret), "\"sub\" twice");
    }

    [Theory]
    [InlineData("kid", "other")]
    [InlineData("kid", "")]
    [InlineData("kid", null)]
    [InlineData("typ", "secevent+jwt")]
    public async Task ValidateAsync_HeaderNamesNoKnownKeyOrType_IsRefused(string name, string? value)
    {
        Dictionary<string, object?> header = RawToken.Header();
        header[name] = value;

        await AssertInvalidAsync(Hs256(), Sign(header), "oken");
    }

    /// <summary>NATS CVE-2021-3127: a good signature by somebody who may not speak for this issuer.</summary>
    [Fact]
    public async Task ValidateAsync_KeyOfAnotherIssuer_IsRefused()
    {
        byte[] other = RandomNumberGenerator.GetBytes(32);
        var validator = new TokenValidator(
            new TokenValidatorOptions
            {
                Audience = RawToken.Audience,
                Keys = [new(RawToken.Issuer, SigningKey.FromSecret(RawToken.KeyId, _secret)), new("https://other.example", SigningKey.FromSecret("k2", other))],
            },
            _time);
        Dictionary<string, object?> header = RawToken.Header();
        header["kid"] = "k2";

        await AssertInvalidAsync(validator, RawToken.SignHs256(header, RawToken.Claims(), other), "issuer");
    }

    [Fact]
    public async Task ValidateAsync_OtherSignature_IsRefused()
    {
        await AssertInvalidAsync(Hs256(), RawToken.SignHs256(RawToken.Header(), RawToken.Claims(), RandomNumberGenerator.GetBytes(32)), "signature");
    }

    [Fact]
    public async Task ValidateAsync_EveryBitOfTheTokenFlipped_IsNeverValidForAnotherUser()
    {
        string token = Sign();
        TokenValidator validator = Hs256();
        for (int at = 0; at < token.Length; at++)
        {
            string changed = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
            TokenResult result = await validator.ValidateAsync(changed);

            // The last character of a part has unused bits; only there may a change leave the same bytes.
            Assert.True(result.Status == TokenStatus.Invalid || result.UserId == "alice", $"position {at}");
        }
    }

    [Theory]
    [InlineData("exp", "expiry")]
    [InlineData("iss", "issuer")]
    [InlineData("aud", "aud")]
    [InlineData("sub", "sub")]
    public async Task ValidateAsync_RequiredClaimMissing_IsRefused(string claim, string problem)
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims.Remove(claim);

        await AssertInvalidAsync(Hs256(), Sign(claims: claims), problem);
    }

    [Theory]
    [InlineData("iss", "https://issuer.example/")]
    [InlineData("iss", 7)]
    [InlineData("aud", "other")]
    [InlineData("aud", "")]
    [InlineData("aud", 7)]
    [InlineData("exp", "soon")]
    [InlineData("exp", null)]
    [InlineData("sub", 7)]
    [InlineData("sub", true)]
    [InlineData("sub", null)]
    [InlineData("sub", "")]
    public async Task ValidateAsync_RequiredClaimOfAnotherValue_IsRefused(string claim, object? value)
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims[claim] = value;

        await AssertInvalidAsync(Hs256(), Sign(claims: claims), "oken");
    }

    [Fact]
    public async Task ValidateAsync_AudienceAmongSeveral_IsValid()
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims["aud"] = new[] { "other", RawToken.Audience };

        Assert.Equal(TokenStatus.Valid, (await Hs256().ValidateAsync(Sign(claims: claims))).Status);
    }

    [Theory]
    [InlineData(3629, TokenStatus.Valid)]
    [InlineData(3630, TokenStatus.Expired)]
    [InlineData(100_000, TokenStatus.Expired)]
    public async Task ValidateAsync_AroundTheExpiry_AllowsThirtySecondsOfSkew(int secondsLater, TokenStatus expected)
    {
        _time.Now = FixedTime.Start.AddSeconds(secondsLater);

        TokenResult result = await Hs256().ValidateAsync(Sign());

        Assert.Equal(expected, result.Status);
        Assert.Equal(expected == TokenStatus.Expired, result.Problem.Contains("2026-01-01T13:00:00Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ValidateAsync_ExpiredAndForged_IsInvalidNotExpired()
    {
        _time.Now = FixedTime.Start.AddDays(1);

        await AssertInvalidAsync(Hs256(), RawToken.SignHs256(RawToken.Header(), RawToken.Claims(), RandomNumberGenerator.GetBytes(32)), "signature");
    }

    [Theory]
    [InlineData(30, TokenStatus.Valid)]
    [InlineData(31, TokenStatus.Invalid)]
    public async Task ValidateAsync_NotBefore_AllowsThirtySecondsOfSkew(int secondsAhead, TokenStatus expected)
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims["nbf"] = FixedTime.Start.AddSeconds(secondsAhead).ToUnixTimeSeconds();

        Assert.Equal(expected, (await Hs256().ValidateAsync(Sign(claims: claims))).Status);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    [InlineData(1e300)]
    [InlineData(253402300800L)]
    public async Task ValidateAsync_ExpiryOutsideTheCalendar_DoesNotThrow(object expiry)
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims["exp"] = expiry;

        Assert.NotNull(await Hs256().ValidateAsync(Sign(claims: claims)));
    }

    [Fact]
    public async Task ValidateAsync_SizeAtTheLimit_OneByteMoreIsRefused()
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims["pad"] = string.Empty;
        int room = TokenValidator.TokenBytesMax - Sign(claims: claims).Length;
        claims["pad"] = new string('x', room * 3 / 4);

        Assert.InRange(Sign(claims: claims).Length, TokenValidator.TokenBytesMax - 3, TokenValidator.TokenBytesMax);
        Assert.Equal(TokenStatus.Valid, (await Hs256().ValidateAsync(Sign(claims: claims))).Status);
        claims["pad"] = new string('x', room);
        await AssertInvalidAsync(Hs256(), Sign(claims: claims), "larger than 4000 bytes");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.e30")]
    [InlineData("W10.e30.AAAA")]
    [InlineData("e30=.e30.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.W10.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.AAAA.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.e 30.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.e30.\u00e9\u00e9")]
    public async Task ValidateAsync_NotAToken_IsRefused(string text)
    {
        await AssertInvalidAsync(Hs256(), text, "oken");
    }

    [Fact]
    public async Task ValidateAsync_RandomBytes_IsRefusedAndNeverThrows()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        TokenValidator validator = Hs256();
        string good = Sign();
        for (int round = 0; round < 5000; round++)
        {
            char[] text = good.ToCharArray();
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                text[random.Next(text.Length)] = (char)random.Next(1, 0x180);
            }

            TokenResult result = await validator.ValidateAsync(new string(text));
            Assert.True(result.Status == TokenStatus.Invalid || result.UserId == "alice", $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public async Task ValidateAsync_AnyRefusal_ProblemHasNothingOfTheToken()
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims["sub"] = "bad\u0007subject";
        claims["iss"] = "https://evil.example";

        TokenResult result = await Hs256().ValidateAsync(Sign(claims: claims));

        Assert.DoesNotContain("evil", result.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", result.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token-1", "alice")]
    [InlineData("other", "user:alice")]
    public async Task ValidateAsync_RevokedTokenOrUser_SaysRevoked(string tokenId, string line)
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims["jti"] = tokenId;
        var validator = new TokenValidator(
            new TokenValidatorOptions
            {
                Audience = RawToken.Audience,
                Keys = [new(RawToken.Issuer, SigningKey.FromSecret(RawToken.KeyId, _secret))],
                Revocations = [new ListedRevocations("token-1", line)],
            },
            _time);

        TokenResult result = await validator.ValidateAsync(Sign(claims: claims));

        Assert.Equal(TokenStatus.Revoked, result.Status);
        Assert.Empty(result.UserId);
    }

    [Fact]
    public void Constructor_SkewAboveThirtySeconds_IsRefused()
    {
        var options = new TokenValidatorOptions
        {
            Audience = RawToken.Audience,
            Keys = [new(RawToken.Issuer, SigningKey.FromSecret(RawToken.KeyId, _secret))],
            Skew = TimeSpan.FromSeconds(31),
        };

        Assert.Throws<ArgumentException>(() => new TokenValidator(options, _time));
    }

    [Fact]
    public void Constructor_NoKeyOrOneTwice_IsRefused()
    {
        var key = new TrustedKey(RawToken.Issuer, SigningKey.FromSecret(RawToken.KeyId, _secret));

        Assert.Throws<ArgumentException>(() => new TokenValidator(new TokenValidatorOptions { Audience = "relay", Keys = [] }, _time));
        Assert.Throws<ArgumentException>(() => new TokenValidator(new TokenValidatorOptions { Audience = "relay", Keys = [key, key] }, _time));
    }

    private static async Task AssertInvalidAsync(TokenValidator validator, string token, string problem)
    {
        TokenResult result = await validator.ValidateAsync(token);
        Assert.Equal(TokenStatus.Invalid, result.Status);
        Assert.Empty(result.UserId);
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
    }

    private TokenValidator Hs256() => Validator(SigningKey.FromSecret(RawToken.KeyId, _secret));

    private TokenValidator Es256() => Validator(SigningKey.FromEcdsa(RawToken.KeyId, _pair).WithoutPrivateHalf());

    private TokenValidator Validator(SigningKey key) =>
        new(new TokenValidatorOptions { Audience = RawToken.Audience, Keys = [new(RawToken.Issuer, key)] }, _time);

    private string Sign(Dictionary<string, object?>? header = null, Dictionary<string, object?>? claims = null) =>
        RawToken.SignHs256(header ?? RawToken.Header(), claims ?? RawToken.Claims(), _secret);
}
