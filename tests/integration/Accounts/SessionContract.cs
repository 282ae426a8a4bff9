using System.Net;
using System.Text.Json;
using RelayServer.Accounts;
using RelayServer.Accounts.Sessions;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Storage;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Access and refresh tokens, signing out.</summary>
public abstract class SessionContract(IDatabaseHost host) : AuthContract(host)
{
    [Fact]
    public async Task AccessToken_FromASignIn_SaysWhatEdgesNeed()
    {
        AuthAnswer signIn = await RegisterAsync();
        TokenResult result = await ValidateAsync(signIn.Access);

        Assert.Equal((TokenStatus.Valid, signIn.UserId, TokenRole.Member), (result.Status, result.UserId, result.Role));
        Assert.Equal(Clock.GetUtcNow().AddMinutes(10), result.ExpiresAt);
        Assert.Empty(result.Consents!);
        Assert.NotEmpty(result.Identity!.SessionId);
        Assert.Equal((600, "Bearer"), (signIn.Body.GetProperty("expires_in").GetInt32(), signIn.Text("token_type")));
    }

    [Fact]
    public async Task Refresh_CurrentToken_GivesTheNextAndTheSameUser()
    {
        AuthAnswer first = await RegisterAsync();
        Clock.Advance(TimeSpan.FromMinutes(11));
        AuthAnswer second = (await RefreshAsync(first.Refresh)).Good();
        Assert.Equal(first.UserId, second.UserId);
        Assert.NotEqual(first.Refresh, second.Refresh);
        Assert.Equal(TokenStatus.Expired, (await ValidateAsync(first.Access)).Status);
        Assert.Equal(TokenStatus.Valid, (await ValidateAsync(second.Access)).Status);
        Clock.Advance(TimeSpan.FromMinutes(11));
        (await RefreshAsync(second.Refresh)).Good();
    }

    [Fact]
    public async Task Refresh_OldTokenAgainWithinTheGrace_GivesTheSameNextOne()
    {
        AuthAnswer first = await RegisterAsync();
        AuthAnswer second = (await RefreshAsync(first.Refresh)).Good();
        Clock.AdvanceSeconds(10);
        AuthAnswer again = (await RefreshAsync(first.Refresh)).Good();
        Assert.Equal(second.Refresh, again.Refresh);
        (await RefreshAsync(second.Refresh)).Good();
    }

    [Fact]
    public async Task Refresh_OldTokenAfterTheGrace_EndsTheSignIn()
    {
        AuthAnswer first = await RegisterAsync();
        AuthAnswer second = (await RefreshAsync(first.Refresh)).Good();
        Clock.AdvanceSeconds(10.1);
        (await RefreshAsync(first.Refresh)).Refused(401, "refresh_token_reused");
        (await RefreshAsync(second.Refresh)).Refused(401, "invalid_refresh_token");
        (await GetAsync("/account", second.Access)).Refused(401, "invalid_token");
        Assert.Equal((await ValidateAsync(second.Access)).Identity!.SessionId, Assert.Single(await RevokedAsync()));
    }

    [Fact]
    public async Task Refresh_OldestTokenWithinTheGrace_EndsTheSignIn()
    {
        AuthAnswer first = await RegisterAsync();
        AuthAnswer second = (await RefreshAsync(first.Refresh)).Good();
        (await RefreshAsync(second.Refresh)).Good();
        (await RefreshAsync(first.Refresh)).Refused(401, "refresh_token_reused");
    }

    [Fact]
    public async Task Refresh_SameTokenAtTheSameTime_AllGetTheSameNextOne()
    {
        AuthAnswer first = await RegisterAsync();
        AuthAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RefreshAsync(first.Refresh)));
        Assert.Single(answers.Select(answer => answer.Good().Refresh).Distinct());
    }

    [Fact]
    public async Task Refresh_TokenThatWasTamperedWith_IsRefusedAndHarmsNobody()
    {
        AuthAnswer signIn = await RegisterAsync();
        string[] parts = signIn.Refresh.Split('.');
        (await RefreshAsync($"{parts[0]}.{parts[1]}.0.{parts[3]}")).Refused(401, "invalid_refresh_token");
        (await RefreshAsync($"{parts[0]}.{parts[1]}.2.{parts[3]}")).Refused(401, "invalid_refresh_token");
        (await RefreshAsync($"{parts[0]}.other.{parts[2]}.{parts[3]}")).Refused(401, "invalid_refresh_token");
        (await RefreshAsync("nonsense")).Refused(401, "invalid_refresh_token");
        (await RefreshAsync(signIn.Access[..200])).Refused(401, "invalid_refresh_token");
        (await RefreshAsync(signIn.Refresh)).Good();
    }

    [Fact]
    public async Task Refresh_AfterItsLifetime_IsRefusedHoweverOftenItWasRefreshed()
    {
        AuthAnswer signIn = await RegisterAsync();
        Clock.Advance(TimeSpan.FromDays(89));
        signIn = (await RefreshAsync(signIn.Refresh)).Good();
        Clock.Advance(TimeSpan.FromDays(1));
        (await RefreshAsync(signIn.Refresh)).Refused(401, "invalid_refresh_token");
    }

    [Fact]
    public async Task Refresh_OnAnotherInstance_Works()
    {
        AuthAnswer signIn = await RegisterAsync();
        await using AuthServer other = await StartAsync();
        AuthAnswer next = (await PostAsync("/refresh", new { refresh_token = signIn.Refresh }, server: other)).Good();
        Assert.Equal(TokenStatus.Valid, (await ValidateAsync(next.Access)).Status);
    }

    [Fact]
    public async Task SignOut_OneOfTwo_EndsThatOneAndListsIt()
    {
        AuthAnswer first = await RegisterAsync();
        AuthAnswer second = (await SignInByPasswordAsync()).Good();
        string? session = (await ValidateAsync(first.Access)).Identity!.SessionId;
        (await PostAsync("/sign-out", new { refresh_token = first.Refresh })).Good();

        (await RefreshAsync(first.Refresh)).Refused(401, "invalid_refresh_token");
        (await PostAsync("/sign-out", new { refresh_token = first.Refresh })).Refused(401, "invalid_refresh_token");
        (await GetAsync("/account", first.Access)).Refused(401, "invalid_token");
        (await GetAsync("/account", second.Access)).Good();
        Assert.Equal(session, Assert.Single(await RevokedAsync()));
        await Server.Upkeep.ReadRevocationsAsync(Cancel);
        Assert.Equal(TokenStatus.Revoked, (await ValidateAsync(first.Access)).Status);
        Assert.Equal(TokenStatus.Valid, (await ValidateAsync(second.Access)).Status);
    }

    [Fact]
    public async Task SignOut_Everywhere_EndsAll()
    {
        AuthAnswer first = await RegisterAsync();
        AuthAnswer second = (await SignInByPasswordAsync()).Good();
        (await PostAsync("/sign-out", new { refresh_token = first.Refresh, everywhere = true })).Good();
        (await RefreshAsync(second.Refresh)).Refused(401, "invalid_refresh_token");
        Assert.Equal(2, (await RevokedAsync()).Length);
    }

    [Fact]
    public async Task Revocations_AfterTheLastTokenExpired_AreListedNoMore()
    {
        AuthAnswer signIn = await RegisterAsync();
        (await PostAsync("/sign-out", new { refresh_token = signIn.Refresh })).Good();
        Clock.AdvanceSeconds(600 + 60 - 1);
        await Server.Upkeep.KeepAsync(Cancel);
        Assert.Single(await RevokedAsync());
        Clock.AdvanceSeconds(2);
        await Server.Upkeep.KeepAsync(Cancel);
        Assert.Empty(await RevokedAsync());
    }

    [Fact]
    public async Task Revocations_UnchangedSince_AreNotSentAgain()
    {
        AuthAnswer list = (await GetAsync("/revocations")).Good();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Server.Endpoint}/revocations");
        request.Headers.IfNoneMatch.Add(list.Message.Headers.ETag!);
        using var client = new HttpClient();
        using HttpResponseMessage again = await client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task SignIn_OneMoreThanAnAccountMayHave_EndsTheOldest()
    {
        Options.SessionsPerAccountMax = 2;
        AuthAnswer first = await RegisterAsync();
        Clock.AdvanceSeconds(1);
        AuthAnswer second = (await SignInByPasswordAsync()).Good();
        Clock.AdvanceSeconds(1);
        (await SignInByPasswordAsync()).Good();
        (await RefreshAsync(first.Refresh)).Refused(401, "invalid_refresh_token");
        (await RefreshAsync(second.Refresh)).Good();
    }

    [Fact]
    public async Task Account_TokenForAnotherAudience_IsRefused()
    {
        AuthAnswer signIn = await RegisterAsync();
        (await SendAsync(HttpMethod.Put, "/consents/news", null, signIn.Access)).Good();
        AuthAnswer service = (await PostAsync("/token", new { service = "news" }, signIn.Access)).Good();
        (await GetAsync("/account", service.Access)).Refused(401, "invalid_token");
        (await GetAsync("/account", signIn.Refresh)).Refused(401, "invalid_token");
        (await GetAsync("/account")).Refused(401, "invalid_token");
    }

    [Fact]
    public async Task Account_TokenOfAnotherKey_IsRefused()
    {
        AuthAnswer signIn = await RegisterAsync();
        SigningKey published = Server.Keys.Published[0];
        var forged = new TrustedKey(Options.Issuer, SigningKey.CreateEs256(published.Id));
        string token = new TokenMinter(forged, "relay", Clock).Mint(
            new TokenGrant { UserId = signIn.UserId, Lifetime = TimeSpan.FromMinutes(5), SessionId = (await ValidateAsync(signIn.Access)).Identity!.SessionId });
        (await GetAsync("/account", token)).Refused(401, "invalid_token");
    }

    [Fact]
    public async Task Revocations_MoreThanAListHolds_AreTheLast()
    {
        await using Database database = await Database.OpenAsync(Options.Database, AuthServer.Migrations, Clock, Logs, Cancel);
        long now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await database.WriteAsync(
            session => session.ExecuteAsync(
                """
                INSERT INTO sessions (session_id, user_id, seed, generation, rotated_at, created_at, expires_at, revoked_at)
                WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < @count)
                SELECT 's' || number, 'u', @seed, 0, @now, @now, @now + 600000, @now - 10000 + number FROM numbers
                """,
                new { count = SessionService.RevocationsMax + 1L, now, seed = Array.Empty<byte>() }),
            Cancel);

        string?[] revoked = await RevokedAsync();

        Assert.Equal(SessionService.RevocationsMax, revoked.Length);
        Assert.Contains($"s{SessionService.RevocationsMax + 1}", revoked);
        Assert.DoesNotContain("s1", revoked);
    }

    private async Task<string?[]> RevokedAsync()
    {
        JsonElement list = (await GetAsync("/revocations")).Good().Body.GetProperty("sessions");
        return [.. list.EnumerateArray().Select(item => item.GetString())];
    }
}
