using System.Net;
using System.Text.Json;
using RelayServer.IntegrationTests.Storage;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>One account with several ways to sign in.</summary>
public abstract class LinkContract(IDatabaseHost host) : AuthContract(host)
{
    private const string OtherPhone = "+4915112345678";

    [Fact]
    public async Task Link_PhoneToAnAccountWithPassword_BothSignInToIt()
    {
        AuthAnswer alice = await RegisterAsync();
        await LinkPhoneAsync(alice, Phone);
        Assert.Equal(alice.UserId, (await SignInByPhoneAsync()).UserId);
        Assert.Equal(["password:alice", "phone:+82********78"], await IdentitiesAsync(alice));
    }

    [Fact]
    public async Task Link_PasswordToAnAccountWithPhone_BothSignInToIt()
    {
        AuthAnswer alice = await SignInByPhoneAsync();
        (await PostAsync("/password/link", new { name = "alice", password = Password, refresh_token = alice.Refresh }, alice.Access)).Good();
        Assert.Equal(alice.UserId, (await SignInByPasswordAsync()).Good().UserId);
        (await PostAsync("/password/link", new { name = "alice2", password = Password, refresh_token = alice.Refresh }, alice.Access)).Refused(409, "password_linked");
    }

    [Fact]
    public async Task Link_PhoneOfAnotherAccount_IsRefused()
    {
        await SignInByPhoneAsync();
        AuthAnswer mallory = await RegisterAsync("mallory");
        string challenge = await ChallengeAsync();
        (await PostAsync("/phone/link", new { challenge, code = Codes.Last, refresh_token = mallory.Refresh }, mallory.Access)).Refused(409, "identity_taken");
        Assert.Equal(["password:mallory"], await IdentitiesAsync(mallory));
    }

    [Fact]
    public async Task Link_NameOfAnotherAccount_IsRefused()
    {
        await RegisterAsync();
        AuthAnswer mallory = await SignInByPhoneAsync();
        (await PostAsync("/password/link", new { name = "alice", password = Password, refresh_token = mallory.Refresh }, mallory.Access)).Refused(409, "name_taken");
    }

    [Fact]
    public async Task Link_WhatIsLinkedAlready_ChangesNothing()
    {
        AuthAnswer alice = await SignInByPhoneAsync();
        await LinkPhoneAsync(alice, Phone);
        Assert.Single(await IdentitiesAsync(alice));
    }

    [Fact]
    public async Task Link_WithoutASignIn_IsRefused()
    {
        string challenge = await ChallengeAsync();
        (await PostAsync("/phone/link", new { challenge, code = Codes.Last })).Refused(401, "invalid_token");
        (await PostAsync("/phone/link", new { challenge, code = Codes.Last }, "a.b.c")).Refused(401, "invalid_token");
    }

    [Fact]
    public async Task Link_AfterSignOut_IsRefused()
    {
        AuthAnswer alice = await RegisterAsync();
        (await PostAsync("/sign-out", new { refresh_token = alice.Refresh })).Good();
        string challenge = await ChallengeAsync();
        (await PostAsync("/phone/link", new { challenge, code = Codes.Last, refresh_token = alice.Refresh }, alice.Access)).Refused(401, "invalid_token");
    }

    [Fact]
    public async Task Link_SamePhoneByTwoAccountsAtTheSameTime_OneWins()
    {
        AuthAnswer alice = await RegisterAsync();
        AuthAnswer bobby = await RegisterAsync("bobby");
        string first = await ChallengeAsync();
        string firstCode = Codes.Last;
        string second = await ChallengeAsync();
        AuthAnswer[] answers = await Task.WhenAll(
            PostAsync("/phone/link", new { challenge = first, code = firstCode, refresh_token = alice.Refresh }, alice.Access),
            PostAsync("/phone/link", new { challenge = second, code = Codes.Last, refresh_token = bobby.Refresh }, bobby.Access));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Single(answers, answer => answer.Error == "identity_taken");
    }

    [Fact]
    public async Task Link_MoreThanAnAccountMayHave_IsRefused()
    {
        Options.IdentitiesPerAccountMax = 2;
        AuthAnswer alice = await RegisterAsync();
        await LinkPhoneAsync(alice, Phone);
        string challenge = await ChallengeAsync(OtherPhone);
        (await PostAsync("/phone/link", new { challenge, code = Codes.Last, refresh_token = alice.Refresh }, alice.Access)).Refused(409, "limit_reached");
    }

    [Fact]
    public async Task Unlink_OneOfTwo_IsForgottenAndTheLastIsKept()
    {
        AuthAnswer alice = await RegisterAsync();
        await LinkPhoneAsync(alice, Phone);
        string[] ids = await IdsAsync(alice);
        (await SendAsync(HttpMethod.Delete, $"/identities/{ids[0]}", new { refresh_token = alice.Refresh }, alice.Access)).Good();
        (await SignInByPasswordAsync()).Refused(401, "wrong_password");
        (await SendAsync(HttpMethod.Delete, $"/identities/{ids[0]}", new { refresh_token = alice.Refresh }, alice.Access)).Refused(404, "not_found");
        (await SendAsync(HttpMethod.Delete, $"/identities/{ids[1]}", new { refresh_token = alice.Refresh }, alice.Access)).Refused(409, "last_identity");
        Assert.Equal(alice.UserId, (await SignInByPhoneAsync()).UserId);
    }

    [Fact]
    public async Task Unlink_BothAtTheSameTime_OneIsKept()
    {
        AuthAnswer alice = await RegisterAsync();
        await LinkPhoneAsync(alice, Phone);
        AuthAnswer[] answers = await Task.WhenAll((await IdsAsync(alice)).Select(
            id => SendAsync(HttpMethod.Delete, $"/identities/{id}", new { refresh_token = alice.Refresh }, alice.Access)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Single(answers, answer => answer.Error == "last_identity");
    }

    [Fact]
    public async Task Unlink_IdentityOfAnotherAccount_IsNotFound()
    {
        AuthAnswer alice = await RegisterAsync();
        await LinkPhoneAsync(alice, Phone);
        AuthAnswer mallory = await RegisterAsync("mallory");
        (await SendAsync(HttpMethod.Delete, $"/identities/{(await IdsAsync(alice))[0]}", new { refresh_token = mallory.Refresh }, mallory.Access)).Refused(404, "not_found");
        Assert.Equal(2, (await IdsAsync(alice)).Length);
    }

    // Every edge is shown the access token: whoever has only that must not be able to take the account over, or away.
    [Theory]
    [InlineData("POST", "/phone/link", "challenge", "code")]
    [InlineData("POST", "/password/link", "name", "password")]
    [InlineData("DELETE", "/identities/ID")]
    [InlineData("DELETE", "/account")]
    public async Task Change_WithoutTheRefreshTokenOfTheSignIn_IsRefused(string method, string path, params string[] fields)
    {
        AuthAnswer alice = await SignInByPhoneAsync();
        AuthAnswer mallory = await RegisterAsync("mallory");
        path = path.Replace("ID", (await IdsAsync(alice))[0], StringComparison.Ordinal);
        Dictionary<string, string> body = fields.ToDictionary(field => field, _ => "longenough");

        (await SendAsync(new HttpMethod(method), path, body, alice.Access)).Refused(400, "invalid_request");
        foreach (string other in new[] { mallory.Refresh, "r1.x", (await SignInByPhoneAsync()).Refresh })
        {
            body["refresh_token"] = other;
            (await SendAsync(new HttpMethod(method), path, body, alice.Access)).Refused(401, "invalid_refresh_token");
        }

        Assert.Equal(["phone:+82********78"], await IdentitiesAsync(alice));
    }

    [Fact]
    public async Task Change_WithARefreshTokenThatWasReplaced_IsRefusedAfterTheGrace()
    {
        AuthAnswer alice = await RegisterAsync();
        AuthAnswer next = (await RefreshAsync(alice.Refresh)).Good();
        string challenge = await ChallengeAsync();
        (await PostAsync("/phone/link", new { challenge, code = Codes.Last, refresh_token = alice.Refresh }, next.Access)).Refused(401, "refresh_token_reused");
        (await RefreshAsync(next.Refresh)).Refused(401, "invalid_refresh_token");
    }

    [Fact]
    public async Task Handle_SetAndTakenAway_IsUniqueMeanwhile()
    {
        AuthAnswer alice = await RegisterAsync();
        AuthAnswer bobby = await RegisterAsync("bobby");
        (await SendAsync(HttpMethod.Put, "/account/handle", new { handle = "the-one" }, alice.Access)).Good();
        (await SendAsync(HttpMethod.Put, "/account/handle", new { handle = "the-one" }, bobby.Access)).Refused(409, "handle_taken");
        (await SendAsync(HttpMethod.Put, "/account/handle", new { handle = "The One" }, bobby.Access)).Refused(400, "invalid_request");
        Assert.Equal("the-one", (await GetAsync("/account", alice.Access)).Text("handle"));
        (await SendAsync(HttpMethod.Put, "/account/handle", new { handle = (string?)null }, alice.Access)).Good();
        (await SendAsync(HttpMethod.Put, "/account/handle", new { handle = "the-one" }, bobby.Access)).Good();
    }

    [Fact]
    public async Task Erase_Account_LeavesNothingOfIt()
    {
        AuthAnswer alice = await RegisterAsync();
        await LinkPhoneAsync(alice, Phone);
        (await SendAsync(HttpMethod.Put, "/consents/news", null, alice.Access)).Good();
        (await SendAsync(HttpMethod.Delete, "/account", new { refresh_token = alice.Refresh }, alice.Access)).Good();

        (await GetAsync("/account", alice.Access)).Refused(401, "invalid_token");
        (await RefreshAsync(alice.Refresh)).Refused(401, "invalid_refresh_token");
        (await SignInByPasswordAsync()).Refused(401, "wrong_password");
        Assert.Single((await GetAsync("/revocations")).Body.GetProperty("sessions").EnumerateArray());
        AuthAnswer again = await SignInByPhoneAsync();
        Assert.NotEqual(alice.UserId, again.UserId);
        Assert.Empty(again.Consents);
    }

    private async Task LinkPhoneAsync(AuthAnswer user, string phone)
    {
        string challenge = await ChallengeAsync(phone);
        (await PostAsync("/phone/link", new { challenge, code = Codes.Last, refresh_token = user.Refresh }, user.Access)).Good();
    }

    private async Task<string[]> IdentitiesAsync(AuthAnswer user) =>
        [.. (await ListAsync(user)).Select(item => $"{item.GetProperty("kind").GetString()}:{item.GetProperty("label").GetString()}")];

    private async Task<string[]> IdsAsync(AuthAnswer user) => [.. (await ListAsync(user)).Select(item => item.GetProperty("id").GetString()!)];

    private async Task<IEnumerable<JsonElement>> ListAsync(AuthAnswer user) =>
        (await GetAsync("/account", user.Access)).Good().Body.GetProperty("identities").EnumerateArray();
}
