using RelayServer.Identity;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Services: consents, and tokens by which they know users.</summary>
public abstract class ConsentContract(IDatabaseHost host) : AuthContract(host)
{
    [Fact]
    public async Task Consents_GrantedAndRevoked_AreInTokensFromTheNextRefresh()
    {
        AuthAnswer alice = await RegisterAsync();
        Assert.Empty((await ValidateAsync(alice.Access)).Consents!);
        (await SendAsync(HttpMethod.Put, "/consents/news", null, alice.Access)).Good();
        (await SendAsync(HttpMethod.Put, "/consents/art", null, alice.Access)).Good();
        (await SendAsync(HttpMethod.Put, "/consents/news", null, alice.Access)).Good();
        Assert.Equal(["art", "news"], (await GetAsync("/consents", alice.Access)).Consents);

        AuthAnswer refreshed = (await RefreshAsync(alice.Refresh)).Good();
        Assert.Equal(["art", "news"], (await ValidateAsync(refreshed.Access)).Consents);
        Assert.Equal(["art", "news"], refreshed.Consents);

        (await SendAsync(HttpMethod.Delete, "/consents/news", null, alice.Access)).Good();
        (await SendAsync(HttpMethod.Delete, "/consents/news", null, alice.Access)).Refused(404, "not_found");
        Assert.Equal(["art"], (await ValidateAsync((await RefreshAsync(refreshed.Refresh)).Good().Access)).Consents);
    }

    [Fact]
    public async Task Token_ServiceThatIsAllowed_KnowsAPseudonymOfItsOwn()
    {
        AuthAnswer alice = await RegisterAsync();
        AuthAnswer bobby = await RegisterAsync("bobby");
        string news = await SubjectAsync(alice, "news");
        string art = await SubjectAsync(alice, "art");
        AuthAnswer again = (await PostAsync("/token", new { service = "news" }, (await SignInByPasswordAsync()).Good().Access)).Good();

        Assert.Equal(news, again.Text("subject"));
        Assert.Equal(4, new HashSet<string>([news, art, alice.UserId, await SubjectAsync(bobby, "news")]).Count);
        TokenResult token = await ValidateAsync(again.Access, "news");
        Assert.Equal((TokenStatus.Valid, news, ""), (token.Status, token.UserId, token.Identity!.SessionId));
        Assert.Equal(TokenStatus.Invalid, (await ValidateAsync(again.Access)).Status);
        Assert.Equal(TokenStatus.Invalid, (await ValidateAsync(again.Access, "art")).Status);
    }

    [Fact]
    public async Task Token_ServiceThatIsNotAllowedOrNoMore_IsRefused()
    {
        AuthAnswer alice = await RegisterAsync();
        (await PostAsync("/token", new { service = "news" }, alice.Access)).Refused(403, "consent_required");
        await SubjectAsync(alice, "news");
        (await SendAsync(HttpMethod.Delete, "/consents/news", null, alice.Access)).Good();
        (await PostAsync("/token", new { service = "news" }, alice.Access)).Refused(403, "consent_required");
    }

    // It would be a token for the relay itself, of a user that nobody is.
    [Fact]
    public async Task Token_ServiceWithTheNameOfTheRelaysAudience_CannotBe()
    {
        AuthAnswer alice = await RegisterAsync();
        (await SendAsync(HttpMethod.Put, "/consents/relay", null, alice.Access)).Refused(400, "invalid_request");
        (await PostAsync("/token", new { service = "relay" }, alice.Access)).Refused(400, "invalid_request");
    }

    [Theory]
    [InlineData("News")]
    [InlineData("1news")]
    [InlineData("ne%20ws")]
    [InlineData("a23456789012345678901234567890123")]
    public async Task Consents_WhatIsNoService_IsRefused(string service)
    {
        AuthAnswer alice = await RegisterAsync();
        (await SendAsync(HttpMethod.Put, $"/consents/{service}", null, alice.Access)).Refused(400, "invalid_request");
    }

    [Fact]
    public async Task Consents_SixtyFifth_IsRefused()
    {
        AuthAnswer alice = await RegisterAsync();
        for (int i = 0; i < TokenServiceName.ConsentsMax; i++)
        {
            (await SendAsync(HttpMethod.Put, $"/consents/s{i}", null, alice.Access)).Good();
        }

        (await SendAsync(HttpMethod.Put, "/consents/one-more", null, alice.Access)).Refused(409, "limit_reached");
        Assert.Equal(TokenStatus.Valid, (await ValidateAsync((await RefreshAsync(alice.Refresh)).Good().Access)).Status);
    }

    private async Task<string> SubjectAsync(AuthAnswer user, string service)
    {
        (await SendAsync(HttpMethod.Put, $"/consents/{service}", null, user.Access)).Good();
        return (await PostAsync("/token", new { service }, user.Access)).Good().Text("subject");
    }
}
