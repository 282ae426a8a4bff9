using System.Net;
using RelayServer.Cli.Accounts;
using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Host;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>The commands about accounts, against a running relay, and a chat with what they leave.</summary>
public sealed class RelayLoginTests : AccountCommands
{
    [Fact]
    public async Task Register_ThenRoom_SignsInAsTheAccount()
    {
        await using RunningRelay relay = await StartAsync();
        string user = await RegisterAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(Path.Combine(Data, "login")));
        Assert.Contains($"You are {user}", await DoneAsync("whoami", "--data", Data), StringComparison.Ordinal);
        (int code, string output, string error) = await RunAsync("room", "create", "sale", "--title", "Sale", "--edge", EdgeOf(relay), "--data", Data);
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains(user, await DoneAsync("room", "status", "sale", "--edge", EdgeOf(relay), "--data", Data, "--json") + output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_AccessTokenNearItsEnd_IsRefreshedByWhoeverNeedsIt()
    {
        await using RunningRelay relay = await StartAsync();
        await RegisterAsync();
        StoredLogin login = StoredLogin.Read(Data)!;
        (login with { AccessToken = "used up", AccessExpiresAt = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 20 }).Write(Data);

        await DoneAsync("room", "status", "sale", "--edge", EdgeOf(relay), "--data", Data);

        StoredLogin refreshed = StoredLogin.Read(Data)!;
        Assert.NotEqual(login.RefreshToken, refreshed.RefreshToken);
        Assert.True(refreshed.AccessExpiresAt > DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 500);
    }

    [Fact]
    public async Task Login_AccessTokenIsRefused_IsRefreshedThoughItsTimeIsNotOver()
    {
        await using RunningRelay relay = await StartAsync();
        await RegisterAsync();
        (StoredLogin.Read(Data)! with { AccessToken = "broken" }).Write(Data);
        await DoneAsync("room", "status", "sale", "--edge", EdgeOf(relay), "--data", Data);
    }

    [Fact]
    public async Task Account_AccessTokenIsRefused_IsAskedAboutAndChangedWithANewOne()
    {
        await using RunningRelay auth = await RunningRelay.StartAsync("auth", "--data", Data, "--listen", "127.0.0.1:0");
        string mine = File("mine");
        string user = await RegisterAsync("alice", mine, AuthOf(auth));

        (StoredLogin.Read(mine)! with { AccessToken = "broken" }).Write(mine);
        Assert.Contains(user, await DoneAsync("whoami", "--data", mine), StringComparison.Ordinal);
        (StoredLogin.Read(mine)! with { AccessToken = "broken" }).Write(mine);
        await DoneAsync("account", "erase", "--yes", "--data", mine);
    }

    [Fact]
    public async Task Account_SignedOutElsewhere_SaysThatTheSignInHasEnded()
    {
        await using RunningRelay auth = await RunningRelay.StartAsync("auth", "--data", Data, "--listen", "127.0.0.1:0");
        string mine = File("mine");
        string there = File("there");
        await RegisterAsync("alice", mine, AuthOf(auth));
        await DoneAsync("login", "--user", "alice", "--password-file", File("password"), "--data", there, "--auth", AuthOf(auth));

        Assert.Equal("You are signed out everywhere.", (await DoneAsync("logout", "--everywhere", "--data", there)).Trim());
        Assert.Equal("relay: this sign-in has ended; sign in with 'relay login'", (await RefusedAsync(3, "whoami", "--data", mine)).Trim());
    }

    [Fact]
    public async Task Login_GivenUserOrRole_IsNotUsed()
    {
        await using RunningRelay relay = await StartAsync();
        await RegisterAsync();
        (StoredLogin.Read(Data)! with { AccessToken = "broken", RefreshToken = "broken" }).Write(Data);

        await DoneAsync("room", "status", "sale", "--edge", EdgeOf(relay), "--data", Data, "--user", "bob");
        await DoneAsync("room", "status", "sale", "--edge", EdgeOf(relay), "--data", Data, "--role", "operator");
        Assert.Equal(3, (await RunAsync("room", "status", "sale", "--edge", EdgeOf(relay), "--data", Data)).Code);
    }

    [Fact]
    public async Task Login_AfterLogout_WorksWithThePasswordOnly()
    {
        await using RunningRelay relay = await StartAsync();
        string user = await RegisterAsync();
        await DoneAsync("logout", "--data", Data);
        Assert.False(System.IO.File.Exists(Path.Combine(Data, "login")));
        (int code, _, string error) = await RunAsync("whoami", "--data", Data);
        Assert.Equal(3, code);
        Assert.Contains("relay login", error, StringComparison.Ordinal);

        (code, _, error) = await RunAsync("login", "--user", "alice", "--password-file", Secret("wrong", "not my password"), "--data", Data);
        Assert.Equal(3, code);
        Assert.Contains("the name or the password is wrong", error, StringComparison.Ordinal);
        Assert.Contains(user, await DoneAsync("login", "--user", "alice", "--password-file", Secret("right", "correct horse"), "--data", Data, "--json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_GrantListRevoke_IsInTheTokenOfTheLogin()
    {
        await using RunningRelay relay = await StartAsync();
        await RegisterAsync();
        await DoneAsync("consent", "grant", "news", "--data", Data);
        Assert.Equal("""{"consents":["news"]}""", (await DoneAsync("consent", "list", "--data", Data, "--json")).Trim());
        (int code, _, string error) = await RunAsync("consent", "revoke", "art", "--data", Data);
        Assert.True(code == 5, error);
        Assert.Contains("art was not allowed", error, StringComparison.Ordinal);
        await DoneAsync("consent", "revoke", "news", "--data", Data);
        Assert.Equal("You have allowed no service.", (await DoneAsync("consent", "list", "--data", Data)).Trim());
    }

    [Fact]
    public async Task Login_FileOpenToOthers_IsRefused()
    {
        await using RunningRelay relay = await StartAsync();
        await RegisterAsync();
        string file = Path.Combine(Data, "login");
        System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        (int code, _, string error) = await RunAsync("whoami", "--data", Data);
        Assert.Equal(3, code);
        Assert.Contains($"chmod 600 {file}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_NobodyListens_SaysWhatToDo()
    {
        (int code, _, string error) = await RunAsync(
            "login", "--user", "alice", "--password-file", Secret("p", "correct horse"), "--auth", "http://127.0.0.1:9", "--data", Data);
        Assert.Equal(1, code);
        Assert.Contains("no authentication server answers at http://127.0.0.1:9/", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logout_ServerGone_SaysThatTheSignInStandsAndHowToForgetIt()
    {
        await using (RunningRelay relay = await StartAsync())
        {
            await RegisterAsync();
        }

        (int code, _, string error) = await RunAsync("logout", "--data", Data);
        Assert.Equal(1, code);
        Assert.Contains($"you are still signed in, and to forget it here alone delete {Path.Combine(Data, "login")}", error, StringComparison.Ordinal);
    }

    // A refresh token is good once: of several commands, none may use one that another has used, or write it over a newer one.
    [Fact]
    public async Task Refresh_ManyCommandsAtOnce_TheSignInStands()
    {
        await using RunningRelay relay = await StartAsync("--set", "Auth:RefreshGraceSeconds=0");
        await RegisterAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new LoginTokens(Data, TimeProvider.System).RefreshAsync(Cancel)));

        await new LoginTokens(Data, TimeProvider.System).RefreshAsync(Cancel);
        Assert.Contains("Sign-ins that stand: 1", await DoneAsync("whoami", "--data", Data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_SomebodyElseMeanwhile_WhoBeganDoesNotGoOnAsThey()
    {
        await using RunningRelay relay = await StartAsync();
        await RegisterAsync();
        ConnectionToken token = new() { DataFolder = Data, Environment = _ => null };
        await token.GetAsync(Cancel);

        await DoneAsync("register", "bobby", "--password-file", Secret("p", "correct horse"), "--data", Data);
        RelayException problem = await Assert.ThrowsAsync<RelayException>(() => token.GetAsync(Cancel).AsTask());
        Assert.Equal((ErrorFamily.Final, ClientExitCode.Token), (problem.Family, ClientExitCode.Of(problem)));
        Assert.Contains("somebody else is signed in", problem.Message, StringComparison.Ordinal);

        await DoneAsync("logout", "--data", Data);
        problem = await Assert.ThrowsAsync<RelayException>(() => token.GetAsync(Cancel).AsTask());
        Assert.Contains("you are not signed in", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_AuthenticationServerAway_IsTriedAgainAsALostConnectionIs()
    {
        string address;
        ConnectionToken token = new() { DataFolder = Data, Environment = _ => null };
        await using (RunningRelay relay = await StartAsync())
        {
            await RegisterAsync();
            address = StoredLogin.Read(Data)!.Auth.ToString();
        }

        (StoredLogin.Read(Data)! with { AccessExpiresAt = 0 }).Write(Data);
        RelayException problem = await Assert.ThrowsAsync<RelayException>(() => token.GetAsync(Cancel).AsTask());
        Assert.Equal((ErrorFamily.None, ClientExitCode.Connection), (problem.Family, ClientExitCode.Of(problem)));
        Assert.Contains(address, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("say how", "login")]
    [InlineData("do not go together", "login", "--phone", "+1", "--user", "a")]
    [InlineData("go together", "login", "--provider", "a")]
    [InlineData("must begin with https://", "login", "--phone", "+1", "--auth", "http://login.example")]
    public async Task Login_Arguments_AreCheckedFirst(string message, params string[] arguments)
    {
        (int code, _, string error) = await RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AuthPortTaken_TakesAnotherAndCommandsFindIt()
    {
        await using RunningRelay first = await StartAsync();
        string other = File("other");
        await using RunningRelay second = await RunningRelay.StartAsync("--data", other, "--listen", "127.0.0.1:0");
        await DoneAsync("register", "bobby", "--password-file", Secret("p", "correct horse"), "--data", other);
        await RegisterAsync();
        Assert.NotEqual(await System.IO.File.ReadAllTextAsync(Path.Combine(Data, "auth"), Cancel), await System.IO.File.ReadAllTextAsync(Path.Combine(other, "auth"), Cancel));
    }

    [Fact]
    public async Task Start_AuthOff_HasNone()
    {
        await using RunningRelay relay = await RunningRelay.StartAsync("--data", Data, "--listen", "127.0.0.1:0", "--set", "Auth:Enabled=false");
        Assert.DoesNotContain("auth ", relay.Screen, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(Path.Combine(Data, "accounts.db")));
    }

    [Fact]
    public async Task AuthRole_AndRotate_ServeAndMakeKeys()
    {
        await using RunningRelay auth = await RunningRelay.StartAsync("auth", "--data", Data, "--listen", "127.0.0.1:0");
        await auth.ReadyAsync();
        string address = auth.Screen.Split("auth ", 2)[1].TrimStart().Split(' ')[0];
        Assert.Contains("signs from", await DoneAsync("auth", "rotate", "--data", Data), StringComparison.Ordinal);
        await DoneAsync("register", "alice", "--password-file", Secret("p", "correct horse"), "--data", File("mine"), "--auth", address);
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(address + ".well-known/jwks.json"), Cancel)).StatusCode);
    }

    // What an edge of another process does with the key set, in one process: its own key is another issuer's.
    [Fact]
    public async Task KeySet_OfAnotherProcess_SignsItsUsersInAndSignsThemOut()
    {
        await using RunningRelay auth = await RunningRelay.StartAsync("auth", "--data", Data, "--listen", "127.0.0.1:0");
        string address = auth.Screen.Split("auth ", 2)[1].TrimStart().Split(' ')[0];
        string mine = File("mine");
        await using RunningRelay relay = await RunningRelay.StartAsync(
            "--data", File("edge"), "--listen", "127.0.0.1:0", "--set", "Auth:Enabled=false",
            "--set", $"Tokens:KeySets:0:Url={address}.well-known/jwks.json", "--set", $"Tokens:KeySets:0:RevocationsUrl={address}revocations",
            "--set", "Tokens:KeySets:0:RevocationsSeconds=1");
        await relay.ReadyAsync();
        await DoneAsync("register", "alice", "--password-file", Secret("p", "correct horse"), "--data", mine, "--auth", address);
        string login = await System.IO.File.ReadAllTextAsync(Path.Combine(mine, "login"), Cancel);
        await DoneAsync("room", "create", "sale", "--title", "Sale", "--edge", EdgeOf(relay), "--data", mine);

        await DoneAsync("logout", "--data", mine);
        await System.IO.File.WriteAllTextAsync(Path.Combine(mine, "login"), login, Cancel);
        System.IO.File.SetUnixFileMode(Path.Combine(mine, "login"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Eventually.TrueAsync(
            async () => (await RunAsync("room", "status", "sale", "--edge", EdgeOf(relay), "--data", mine)).Code == 3,
            TimeSpan.FromSeconds(30), () => "a token of a sign-in that has ended is still taken");
    }
}
