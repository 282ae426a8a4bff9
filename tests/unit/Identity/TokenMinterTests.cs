using RelayServer.Identity;

namespace RelayServer.UnitTests.Identity;

/// <summary>Tokens that are made here.</summary>
public sealed class TokenMinterTests
{
    private readonly FixedTime _time = new();

    [Fact]
    public async Task Mint_Token_IsAcceptedUntilItsLifetimeEnds()
    {
        var key = new TrustedKey("i", SigningKey.CreateHs256("k"));
        var validator = new TokenValidator(new TokenValidatorOptions { Audience = "a", Keys = [key], Skew = TimeSpan.Zero }, _time);
        string token = new TokenMinter(key, "a", _time).Mint("alice", TimeSpan.FromMinutes(5));

        TokenResult before = await validator.ValidateAsync(token);
        _time.Now += TimeSpan.FromMinutes(5);
        TokenResult after = await validator.ValidateAsync(token);

        Assert.Equal((TokenStatus.Valid, "alice", FixedTime.Start.AddMinutes(5)), (before.Status, before.UserId, before.ExpiresAt));
        Assert.Equal(TokenStatus.Expired, after.Status);
    }

    [Fact]
    public void Mint_Twice_GivesTokensThatCanBeRevokedApart()
    {
        var minter = new TokenMinter(new TrustedKey("i", SigningKey.CreateHs256("k")), "a", _time);

        Assert.NotEqual(minter.Mint("alice", TimeSpan.FromMinutes(5)), minter.Mint("alice", TimeSpan.FromMinutes(5)));
    }

    [Theory]
    [InlineData(TokenRole.Viewer)]
    [InlineData(TokenRole.Member)]
    [InlineData(TokenRole.Service)]
    [InlineData(TokenRole.Operator)]
    public async Task Mint_Role_IsWhatTheValidatorFinds(TokenRole role)
    {
        var key = new TrustedKey("i", SigningKey.CreateHs256("k"));
        var validator = new TokenValidator(new TokenValidatorOptions { Audience = "a", Keys = [key] }, _time);

        TokenResult result = await validator.ValidateAsync(new TokenMinter(key, "a", _time).Mint("alice", TimeSpan.FromMinutes(5), role));

        Assert.Equal((TokenStatus.Valid, role), (result.Status, result.Role));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    public void Mint_RoleThatNoTokenMayHave_IsRefused(int role)
    {
        var minter = new TokenMinter(new TrustedKey("i", SigningKey.CreateHs256("k")), "a", _time);

        Assert.Throws<ArgumentException>(() => minter.Mint("alice", TimeSpan.FromMinutes(5), (TokenRole)role));
    }

    [Theory]
    [InlineData("", 60)]
    [InlineData("a\u202eb", 60)]
    [InlineData("alice", 0)]
    [InlineData("alice", -1)]
    [InlineData("alice", 400 * 86_400)]
    public void Mint_WhatNoValidatorAccepts_IsRefused(string user, int seconds)
    {
        var minter = new TokenMinter(new TrustedKey("i", SigningKey.CreateHs256("k")), "a", _time);

        Assert.Throws<ArgumentException>(() => minter.Mint(user, TimeSpan.FromSeconds(seconds)));
    }
}
