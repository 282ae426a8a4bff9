using System.CommandLine;
using RelayServer.Cli.Accounts;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Host;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary><c>relay account</c>: the handle, the password and the end of an account.</summary>
public sealed class AccountCommandTests : AccountCommands
{
    [Fact]
    public async Task Handle_SetAndTakenAway_IsShownAndNobodyElseCanHaveIt()
    {
        await using RunningRelay relay = await StartAsync();
        await RegisterAsync();
        await RegisterAsync("bobby", File("bobby"), AuthOf(relay));

        Assert.Equal("Your handle is the-one.", (await DoneAsync("account", "handle", "the-one", "--data", Data)).Trim());
        Assert.Contains("(the-one)", await DoneAsync("whoami", "--data", Data), StringComparison.Ordinal);
        Assert.Contains("the handle is taken", await RefusedAsync(5, "account", "handle", "the-one", "--data", File("bobby")), StringComparison.Ordinal);
        Assert.Contains("handle: has 3 to 32", await RefusedAsync(5, "account", "handle", "No Handle", "--data", Data), StringComparison.Ordinal);

        Assert.Equal("""{"handle":null}""", (await DoneAsync("account", "handle", "--none", "--data", Data, "--json")).Trim());
        Assert.Equal("""{"handle":"the-one"}""", (await DoneAsync("account", "handle", "the-one", "--data", File("bobby"), "--json")).Trim());
    }

    [Fact]
    public async Task Password_Changed_TheNewOneSignsInAndOtherSignInsHaveEnded()
    {
        await using RunningRelay relay = await StartAsync();
        string user = await RegisterAsync();
        string old = Secret("old", "correct horse");
        string next = Secret("new", "another horse");
        await DoneAsync("login", "--user", "alice", "--password-file", old, "--data", File("phone"), "--auth", AuthOf(relay));

        Assert.Contains(
            "wrong", await RefusedAsync(3, "account", "password", "--password-file", next, "--new-password-file", next, "--data", Data), StringComparison.Ordinal);
        Assert.Contains(
            "new_password: must have", await RefusedAsync(5, "account", "password", "--password-file", old, "--new-password-file", Secret("short", "short"), "--data", Data),
            StringComparison.Ordinal);
        Assert.Equal(
            """{"password_changed":true}""",
            (await DoneAsync("account", "password", "--password-file", old, "--new-password-file", next, "--data", Data, "--json")).Trim());

        Assert.Contains(user, await DoneAsync("whoami", "--data", Data), StringComparison.Ordinal);
        Assert.Contains("sign in with 'relay login'", await RefusedAsync(3, "whoami", "--data", File("phone")), StringComparison.Ordinal);
        await RefusedAsync(3, "login", "--user", "alice", "--password-file", old, "--data", File("phone"), "--auth", AuthOf(relay));
        await DoneAsync("login", "--user", "alice", "--password-file", next, "--data", File("phone"), "--auth", AuthOf(relay));
    }

    [Fact]
    public async Task Password_AccountOfAProvider_IsToldToLinkOneFirst()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(Cancel);
        await using RunningRelay relay = await StartAsync(
            "--set", "Auth:Providers:0:Name=example", "--set", $"Auth:Providers:0:Issuer={issuer.Issuer}",
            "--set", $"Auth:Providers:0:Audience={TestIssuer.Audience}", "--set", "Auth:Providers:0:AllowLoopbackHttp=true");
        await DoneAsync("login", "--provider", "example", "--token-file", Secret("id-token", issuer.Sign(issuer.Claims(DateTimeOffset.UtcNow))), "--data", Data);

        string old = Secret("old", "correct horse");
        Assert.Contains("relay link --user NAME", await RefusedAsync(5, "account", "password", "--password-file", old, "--data", Data), StringComparison.Ordinal);
        await DoneAsync("link", "--user", "alice", "--password-file", old, "--data", Data);
        await DoneAsync("account", "password", "--password-file", old, "--new-password-file", Secret("new", "another horse"), "--data", Data);

        string id = (await DoneAsync("whoami", "--data", Data)).Split("password ", 2)[1].Split('\n')[0].Split(' ')[^1];
        await DoneAsync("unlink", id, "--data", Data);
        Assert.Contains("'relay whoami' shows yours", await RefusedAsync(5, "unlink", id, "--data", Data), StringComparison.Ordinal);
        Assert.Contains("the last way", await RefusedAsync(5, "unlink", (await DoneAsync("whoami", "--data", Data)).Split("provider ", 2)[1].Split('\n')[0].Split(' ')[^1], "--data", Data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_WithYes_NothingOfTheAccountIsLeft()
    {
        await using RunningRelay relay = await StartAsync();
        string user = await RegisterAsync();

        Assert.Equal($$"""{"erased":true,"user_id":"{{user}}"}""", (await DoneAsync("account", "erase", "--yes", "--data", Data, "--json")).Trim());

        Assert.Null(StoredLogin.Read(Data));
        await RefusedAsync(3, "login", "--user", "alice", "--password-file", Secret("p", "correct horse"), "--data", Data);
        Assert.NotEqual(user, await RegisterAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yes")]
    public async Task Erase_NotConfirmed_ErasesNothing(string? typed)
    {
        await using RunningRelay relay = await StartAsync();
        string user = await RegisterAsync();
        var console = new TypingConsole(typed);

        CommandFailureException problem = await Assert.ThrowsAsync<CommandFailureException>(() => EraseAsync(console));

        Assert.Equal(ClientExitCode.Refused, problem.ExitCode);
        Assert.Contains($"This erases your account {user} at {AuthOf(relay)}", console.Question, StringComparison.Ordinal);
        Assert.Contains("cannot be undone", console.Question, StringComparison.Ordinal);
        Assert.Contains(user, await DoneAsync("whoami", "--data", Data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_Confirmed_Erases()
    {
        await using RunningRelay relay = await StartAsync();
        await RegisterAsync();
        Assert.Equal(ExitCode.Done, await EraseAsync(new TypingConsole(" erase ")));
        Assert.Contains("you are not signed in", await RefusedAsync(3, "whoami", "--data", Data), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("either a handle or --none", "account", "handle")]
    [InlineData("either a handle or --none", "account", "handle", "one", "--none")]
    [InlineData("unknown option '--force'", "account", "erase", "--force")]
    [InlineData("does nothing by itself", "account")]
    public async Task Arguments_ThatDoNotFit_AreRefusedFirst(string message, params string[] arguments) =>
        Assert.Contains(message, await RefusedAsync(ExitCode.Usage, arguments), StringComparison.Ordinal);

    [Theory]
    [InlineData("handle", "--none")]
    [InlineData("password", "--new-password-file")]
    [InlineData("erase", "cannot be undone")]
    public async Task Help_EveryCommand_TellsWhatItDoes(string command, string expected)
    {
        string help = await DoneAsync("account", command, "--help");
        Assert.Contains(expected, help, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 done", help, StringComparison.Ordinal);
    }

    private Task<int> EraseAsync(AccountConsole console) => new RootCommand { AccountCommand.Create(console) }
        .Parse(["account", "erase", "--data", Data])
        .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = TextWriter.Null }, Cancel);
}
