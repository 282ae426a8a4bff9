using System.Net;
using RelayServer.Accounts;
using RelayServer.IntegrationTests.Storage;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Sign-in by name and password.</summary>
public abstract class PasswordContract(IDatabaseHost host) : AuthContract(host)
{
    [Fact]
    public async Task SignIn_RegisteredName_IsTheSameUserInAnyCase()
    {
        AuthAnswer registered = await RegisterAsync("Alice@Example.org");
        Assert.Equal(registered.UserId, (await SignInByPasswordAsync("alice@example.ORG")).Good().UserId);
    }

    [Fact]
    public async Task SignIn_HashOfFewerRounds_IsMadeAnew()
    {
        await RegisterAsync();
        string? before = await SecretAsync();
        (await SignInByPasswordAsync()).Good();
        Assert.Equal(before, await SecretAsync());

        await using AuthServer later = await StartAsync(passwordIterations: 2000);
        (await PostAsync("/password/sign-in", new { name = "alice", password = Password }, server: later)).Good();
        Assert.NotEqual(before, await SecretAsync());
        (await SignInByPasswordAsync()).Good();
    }

    [Fact]
    public async Task SignIn_WrongPasswordAndUnknownName_AnswerAlike()
    {
        await RegisterAsync();
        AuthAnswer wrong = (await SignInByPasswordAsync(password: "wrong horse battery")).Refused(401, "wrong_password");
        AuthAnswer unknown = (await SignInByPasswordAsync("nobody")).Refused(401, "wrong_password");
        (await SignInByPasswordAsync("-- no name at all")).Refused(401, "wrong_password");
        Assert.Equal(wrong.Text("message"), unknown.Text("message"));
    }

    [Fact]
    public async Task SignIn_EleventhWrongPassword_WaitsAlsoWithTheRightOne()
    {
        await RegisterAsync();
        for (int i = 0; i < 10; i++)
        {
            (await SignInByPasswordAsync(password: "wrong horse battery")).Refused(401, "wrong_password");
        }

        (await SignInByPasswordAsync()).Refused(429, "too_many_attempts");
        (await SignInByPasswordAsync("nobody")).Refused(401, "wrong_password");
        Clock.Advance(TimeSpan.FromMinutes(15));
        (await SignInByPasswordAsync()).Good();
    }

    [Fact]
    public async Task SignIn_ManyWrongPasswordsAtTheSameTime_AreNotCheckedBeyondTheLimit()
    {
        await RegisterAsync();
        AuthAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => SignInByPasswordAsync(password: "wrong horse battery")));
        Assert.Equal(10, answers.Count(answer => answer.Error == "wrong_password"));
        Assert.Equal(6, answers.Count(answer => answer.Error == "too_many_attempts"));
    }

    [Fact]
    public async Task SignIn_RightPasswordManyTimes_IsNotThrottled()
    {
        await RegisterAsync();
        for (int i = 0; i < 12; i++)
        {
            (await SignInByPasswordAsync()).Good();
        }
    }

    // Each sign-in can put one more on the list of revocations, which has an end.
    [Fact]
    public async Task SignIn_MoreOftenThanAnAccountMay_WaitsAndOthersDoNot()
    {
        Options.SignInsPerAccountHourMax = 3;
        await RegisterAsync();
        await RegisterAsync("bobby");
        (await SignInByPasswordAsync()).Good();
        (await SignInByPasswordAsync()).Good();
        (await SignInByPasswordAsync()).Refused(429, "too_many_attempts");
        (await SignInByPasswordAsync("bobby")).Good();
        Clock.Advance(TimeSpan.FromHours(1));
        (await SignInByPasswordAsync()).Good();
    }

    [Fact]
    public async Task Register_TakenName_IsRefused()
    {
        await RegisterAsync();
        (await PostAsync("/password/register", new { name = "ALICE", password = Password })).Refused(409, "name_taken");
    }

    [Fact]
    public async Task Register_SameNameAtTheSameTime_OneSucceeds()
    {
        AuthAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(
            _ => PostAsync("/password/register", new { name = "alice", password = Password })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(answer => answer.Error == "name_taken"));
    }

    [Theory]
    [InlineData("al", Password)]
    [InlineData("-alice", Password)]
    [InlineData("ali ce", Password)]
    [InlineData("alïce", Password)]
    [InlineData("alice", "short")]
    public async Task Register_NameOrPasswordThatCannotBe_IsRefused(string name, string password) =>
        (await PostAsync("/password/register", new { name, password })).Refused(400, "invalid_request");

    [Fact]
    public async Task Register_PasswordOfTooManyCharacters_IsRefused() =>
        (await PostAsync("/password/register", new { name = "alice", password = new string('x', 129) })).Refused(400, "invalid_request");

    [Fact]
    public async Task Register_ManyFromOneAddress_AreLimited()
    {
        Options.RegistrationsPerAddressHourMax = 2;
        await RegisterAsync("alice");
        await RegisterAsync("bobby");
        (await PostAsync("/password/register", new { name = "carol", password = Password })).Refused(429, "too_many_attempts");
    }

    // Else names are tried out one after the other, each at the cost of a hash.
    [Fact]
    public async Task Register_TakenNamesManyTimes_AreLimitedToo()
    {
        Options.RegistrationsPerAddressHourMax = 3;
        AuthAnswer alice = await RegisterAsync();
        (await PostAsync("/password/register", new { name = "alice", password = Password })).Refused(409, "name_taken");
        (await PostAsync("/password/register", new { name = "alice", password = Password })).Refused(409, "name_taken");
        (await PostAsync("/password/register", new { name = "alice", password = Password })).Refused(429, "too_many_attempts");
        (await PostAsync("/password/link", new { name = "alice", password = Password, refresh_token = alice.Refresh }, alice.Access))
            .Refused(429, "too_many_attempts");
        Clock.Advance(TimeSpan.FromHours(1));
        await RegisterAsync("bobby");
    }

    [Fact]
    public async Task Register_Closed_IsRefused()
    {
        Options.Registration = false;
        (await PostAsync("/password/register", new { name = "alice", password = Password })).Refused(403, "registration_closed");
    }

    [Fact]
    public async Task Change_RightPassword_OldOneAndOtherSignInsEnd()
    {
        AuthAnswer other = await RegisterAsync();
        AuthAnswer mine = (await SignInByPasswordAsync()).Good();
        var change = new { name = "alice", password = Password, new_password = "another horse battery" };
        (await PostAsync("/password/change", change with { password = "wrong horse battery" }, mine.Access)).Refused(401, "wrong_password");
        (await PostAsync("/password/change", change, mine.Access)).Good();

        (await SignInByPasswordAsync()).Refused(401, "wrong_password");
        (await SignInByPasswordAsync(password: "another horse battery")).Good();
        (await RefreshAsync(other.Refresh)).Refused(401, "invalid_refresh_token");
        (await RefreshAsync(mine.Refresh)).Good();
    }

    [Fact]
    public async Task Change_PasswordOfAnotherAccount_IsRefused()
    {
        await RegisterAsync();
        AuthAnswer mallory = await RegisterAsync("mallory");
        (await PostAsync("/password/change", new { name = "alice", password = Password, new_password = "another horse" }, mallory.Access))
            .Refused(401, "wrong_password");
    }

    private async Task<string?> SecretAsync()
    {
        await using Database database = await Database.OpenAsync(Options.Database, AuthServer.Migrations, Clock, Logs, Cancel);
        return await database.ReadAsync(session => session.FirstOrDefaultAsync<string>("SELECT secret FROM identities"), Cancel);
    }
}
