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

    [Fact]
    public async Task Mint_Services_AreWhatTheValidatorFinds()
    {
        var key = new TrustedKey("i", SigningKey.CreateHs256("k"));
        var validator = new TokenValidator(new TokenValidatorOptions { Audience = "a", Keys = [key] }, _time);
        var minter = new TokenMinter(key, "other", _time);
        string[] consents = [.. Enumerable.Range(0, TokenServiceName.ConsentsMax).Select(number => $"service-with-quite-a-long-name-{number % 10}")];

        TokenResult service = await validator.ValidateAsync(minter.Mint(
            new TokenGrant { UserId = "feeds", Lifetime = TimeSpan.FromMinutes(5), Audience = "a", Role = TokenRole.Service, Service = "news" }));
        TokenResult user = await validator.ValidateAsync(minter.Mint(
            new TokenGrant { UserId = "alice", Lifetime = TimeSpan.FromMinutes(5), Audience = "a", Consents = consents, SessionId = "s-1" }));
        TokenResult nobody = await validator.ValidateAsync(minter.Mint(
            new TokenGrant { UserId = "bob", Lifetime = TimeSpan.FromMinutes(5), Audience = "a", Consents = [] }));

        Assert.Equal(("news", null, ""), (service.Service, service.Consents, service.Identity!.SessionId));
        Assert.Equal(consents, user.Consents);
        Assert.Equal((null, "s-1"), (user.Service, user.Identity!.SessionId));
        Assert.Empty(nobody.Consents!);
    }

    [Theory]
    [InlineData(TokenRole.Member, "news", null, null)]
    [InlineData(TokenRole.Service, "News", null, null)]
    [InlineData(TokenRole.Service, "", null, null)]
    [InlineData(TokenRole.Service, "a2345678901234567890123456789012x", null, null)]
    [InlineData(TokenRole.Member, null, "no such", null)]
    [InlineData(TokenRole.Member, null, null, "a b")]
    [InlineData(TokenRole.Member, null, null, "")]
    public void Mint_ServiceOrSessionThatNoValidatorAccepts_IsRefused(TokenRole role, string? service, string? consent, string? session)
    {
        var minter = new TokenMinter(new TrustedKey("i", SigningKey.CreateHs256("k")), "a", _time);
        var grant = new TokenGrant
        {
            UserId = "alice", Lifetime = TimeSpan.FromMinutes(1), Role = role, Service = service, SessionId = session,
            Consents = consent is null ? null : [consent],
        };

        Assert.Throws<ArgumentException>(() => minter.Mint(grant));
    }

    [Fact]
    public void Mint_TokenLargerThanAllowed_IsRefused()
    {
        var minter = new TokenMinter(new TrustedKey(new string('i', 1200), SigningKey.CreateHs256("k")), "a", _time);
        string[] consents = [.. Enumerable.Repeat(new string('a', TokenServiceName.CharactersMax), TokenServiceName.ConsentsMax)];

        Assert.Throws<ArgumentException>(() => minter.Mint(new TokenGrant { UserId = "alice", Lifetime = TimeSpan.FromMinutes(1), Consents = consents }));
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
