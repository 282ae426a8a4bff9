using System.Security.Cryptography;
using System.Text.Json;
using RelayServer.Identity;

namespace RelayServer.UnitTests.Identity;

/// <summary>The claims <c>service</c>, <c>consents</c> and <c>sid</c>: read exactly, or the token is refused.</summary>
public sealed class TokenServicesTests
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task ValidateAsync_NoneOfThem_RestrictsNobody()
    {
        TokenResult result = await ValidateAsync("{}");

        Assert.Equal((TokenStatus.Valid, null, null, ""), (result.Status, result.Service, result.Consents, result.Identity!.SessionId));
    }

    [Fact]
    public async Task ValidateAsync_All_AreGiven()
    {
        TokenResult result = await ValidateAsync("""{"role":"service","service":"news","consents":["news","a-1"],"sid":"x.y"}""");

        Assert.Equal((TokenStatus.Valid, "news", "x.y"), (result.Status, result.Service, result.Identity!.SessionId));
        Assert.Equal(["news", "a-1"], result.Consents);
    }

    [Fact]
    public async Task ValidateAsync_EmptyConsents_AllowNone() => Assert.Empty((await ValidateAsync("""{"consents":[]}""")).Consents!);

    [Theory]
    [InlineData("""{"service":"news"}""", "another role")]
    [InlineData("""{"role":"operator","service":"news"}""", "another role")]
    [InlineData("""{"role":"service","service":""}""", "\"service\"")]
    [InlineData("""{"role":"service","service":"News"}""", "\"service\"")]
    [InlineData("""{"role":"service","service":"1news"}""", "\"service\"")]
    [InlineData("""{"role":"service","service":"ne ws"}""", "\"service\"")]
    [InlineData("""{"role":"service","service":"nëws"}""", "\"service\"")]
    [InlineData("""{"role":"service","service":"a23456789012345678901234567890123"}""", "\"service\"")]
    [InlineData("""{"role":"service","service":["news"]}""", "\"service\" is not a text")]
    [InlineData("""{"role":"service","service":null}""", "\"service\" is not a text")]
    [InlineData("""{"role":"service","service":"news","service":"news"}""", "\"service\" twice")]
    [InlineData("""{"role":"service","service":"news","\u0073ervice":"news"}""", "\"service\" twice")]
    [InlineData("""{"consents":null}""", "\"consents\"")]
    [InlineData("""{"consents":"news"}""", "\"consents\"")]
    [InlineData("""{"consents":{"news":true}}""", "\"consents\"")]
    [InlineData("""{"consents":["news",1]}""", "\"consents\"")]
    [InlineData("""{"consents":["news",null]}""", "\"consents\"")]
    [InlineData("""{"consents":["news",["b"]]}""", "\"consents\"")]
    [InlineData("""{"consents":["News"]}""", "\"consents\"")]
    [InlineData("""{"consents":[],"consents":["news"]}""", "\"consents\" twice")]
    [InlineData("""{"sid":""}""", "\"sid\"")]
    [InlineData("""{"sid":"a b"}""", "\"sid\"")]
    [InlineData("""{"sid":7}""", "\"sid\" is not a text")]
    public async Task ValidateAsync_AnotherValue_IsRefused(string claims, string problem)
    {
        TokenResult result = await ValidateAsync(claims);

        Assert.Equal((TokenStatus.Invalid, string.Empty, null), (result.Status, result.UserId, result.Service));
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, TokenStatus.Valid)]
    [InlineData(65, TokenStatus.Invalid)]
    public async Task ValidateAsync_ManyConsents_AreLimited(int count, TokenStatus expected)
    {
        string list = JsonSerializer.Serialize(Enumerable.Range(0, count).Select(number => $"s{number}"));

        Assert.Equal(expected, (await ValidateAsync($$"""{"consents":{{list}}}""")).Status);
    }

    [Fact]
    public async Task ValidateAsync_RevokedSession_IsRefused()
    {
        TokenResult result = await ValidateAsync("""{"sid":"lost"}""", new ListedRevocations("session:lost"));

        Assert.Equal(TokenStatus.Revoked, result.Status);
    }

    private ValueTask<TokenResult> ValidateAsync(string claims, ITokenRevocations? revocations = null)
    {
        string json = JsonSerializer.Serialize(RawToken.Claims());
        json = claims == "{}" ? json : json[..^1] + "," + claims[1..];
        string token = RawToken.SignHs256(JsonSerializer.Serialize(RawToken.Header()), json, _secret);
        var key = new TrustedKey(RawToken.Issuer, SigningKey.FromSecret(RawToken.KeyId, _secret));
        return new TokenValidator(
            new TokenValidatorOptions { Audience = RawToken.Audience, Keys = [key], Revocations = revocations is null ? [] : [revocations] }, new FixedTime()).ValidateAsync(token);
    }
}
