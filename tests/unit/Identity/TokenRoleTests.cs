using System.Security.Cryptography;
using System.Text.Json;
using RelayServer.Identity;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Identity;

/// <summary>The claim <c>role</c>: read exactly, or the token is refused.</summary>
public sealed class TokenRoleTests
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly FixedTime _time = new();

    [Theory]
    [InlineData(null, TokenRole.Member)]
    [InlineData("viewer", TokenRole.Viewer)]
    [InlineData("member", TokenRole.Member)]
    [InlineData("service", TokenRole.Service)]
    [InlineData("operator", TokenRole.Operator)]
    public async Task ValidateAsync_RoleOrNone_IsGiven(string? role, TokenRole expected)
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        if (role is not null)
        {
            claims["role"] = role;
        }

        TokenResult result = await ValidateAsync(Sign(claims));

        Assert.Equal((TokenStatus.Valid, expected), (result.Status, result.Role));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("moderator")]
    [InlineData("Operator")]
    [InlineData("operator ")]
    [InlineData("6")]
    [InlineData("")]
    [InlineData(6)]
    [InlineData(true)]
    [InlineData(null)]
    public async Task ValidateAsync_RoleOfAnotherValue_IsRefused(object? role)
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims["role"] = role;

        await AssertInvalidAsync(Sign(claims), "\"role\"");
    }

    [Fact]
    public async Task ValidateAsync_RoleAmongSeveral_IsRefused()
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims["role"] = new[] { "operator" };

        await AssertInvalidAsync(Sign(claims), "\"role\" is not a text");
    }

    // Two readers may take different ones.
    [Theory]
    [InlineData("role")]
    [InlineData("\\u0072ole")]
    public async Task ValidateAsync_RoleTwice_IsRefused(string again)
    {
        Dictionary<string, object?> claims = RawToken.Claims();
        claims["role"] = "member";
        string json = JsonSerializer.Serialize(claims);
        json = json[..^1] + $",\"{again}\":\"member\"}}";

        await AssertInvalidAsync(RawToken.SignHs256(JsonSerializer.Serialize(RawToken.Header()), json, _secret), "\"role\" twice");
    }

    // The values stand in what edges tell masters, who know roles of rooms; of neither project the other knows.
    [Fact]
    public void TokenRole_NumbersAndNames_AreThoseOfRolesInRooms()
    {
        Assert.Equal([(byte)1, (byte)2, (byte)3, (byte)6], Enum.GetValues<TokenRole>().Select(role => (byte)role));
        Assert.All(Enum.GetValues<TokenRole>(), role =>
        {
            Assert.Equal(((Role)role).ToString(), role.ToString());
            Assert.Equal(RoleNames.Of((Role)role), TokenRoleName.Of(role));
        });
    }

    private async Task AssertInvalidAsync(string token, string problem)
    {
        TokenResult result = await ValidateAsync(token);
        Assert.Equal((TokenStatus.Invalid, string.Empty), (result.Status, result.UserId));
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
    }

    private ValueTask<TokenResult> ValidateAsync(string token)
    {
        var key = new TrustedKey(RawToken.Issuer, SigningKey.FromSecret(RawToken.KeyId, _secret));
        return new TokenValidator(new TokenValidatorOptions { Audience = RawToken.Audience, Keys = [key] }, _time).ValidateAsync(token);
    }

    private string Sign(Dictionary<string, object?> claims) => RawToken.SignHs256(RawToken.Header(), claims, _secret);
}
