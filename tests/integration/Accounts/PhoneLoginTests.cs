using RelayServer.Cli.Connections;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Cli;
using RelayServer.IntegrationTests.Processes;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Sign-in by phone from the command line, to a relay that nobody has set up: it shows the codes to who runs it.</summary>
public sealed class PhoneLoginTests : IDisposable
{
    private const string Phone = "+82 10 1234 5678";
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Login_CodeFromTheConsoleOfTheRelay_SignsInToOneAccountFromEverywhere()
    {
        await using RelayProcess relay = RelayProcess.Start(
            "--data", Data, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--set", "Auth:CodeIntervalSeconds=0");
        string auth = await relay.WaitForAsync(@"auth\s+(http://\S+)");
        await relay.WaitForAsync("Stop with");

        await LoginAsync(relay, 1, code => code, ExitCode.Done, "login", "--data", Data);
        string account = await WhoAmIAsync(Data);
        Assert.Matches(@"phone +\+82\*{8}78", account);

        await LoginAsync(relay, 2, Wrong, ClientExitCode.Token, "login", "--data", _folder.File("there"), "--auth", auth);
        await LoginAsync(relay, 3, code => code, ExitCode.Done, "login", "--data", _folder.File("there"), "--auth", auth);
        Assert.Equal(account.Split('\n')[0], (await WhoAmIAsync(_folder.File("there"))).Split('\n')[0]);
        Assert.DoesNotContain("1012345678", relay.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_MistypedAtATerminal_IsAskedForAgain()
    {
        await using RelayProcess relay = RelayProcess.Start("--data", Data, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
        await relay.WaitForAsync("Stop with");
        await using TerminalProcess terminal = TerminalProcess.Start($"{Path.Combine(AppContext.BaseDirectory, "relay")} login --data {Data} --phone '{Phone}'");
        string code = await relay.WaitForAsync(@"the code for \+82\*{8}78 is ([0-9]{6})");
        await terminal.TypeAsync(Wrong(code) + "\r");
        await terminal.UntilAsync(shown => string.Concat(shown.Rows).Contains("That code is wrong. Code that was sent:", StringComparison.Ordinal));
        await terminal.TypeAsync(code + "\r");
        await terminal.UntilAsync(shown => string.Concat(shown.Rows).Contains("You are signed in as ", StringComparison.Ordinal));
    }

    private static string Wrong(string code) => (code[0] == '9' ? '0' : (char)(code[0] + 1)) + code[1..];

    private static async Task LoginAsync(RelayProcess relay, int occurrence, Func<string, string> type, int exitCode, params string[] arguments)
    {
        await using RelayProcess login = RelayProcess.Start([.. arguments, "--phone", Phone]);
        string code = await relay.WaitForAsync(@"the code for \+82\*{8}78 is ([0-9]{6})", occurrence);
        await login.Input.WriteLineAsync(type(code));
        login.Input.Close();
        Assert.True(await login.WaitForExitAsync() == exitCode, login.Printed);
    }

    private static async Task<string> WhoAmIAsync(string data)
    {
        await using RelayProcess command = RelayProcess.Start("whoami", "--data", data);
        Assert.True(await command.WaitForExitAsync() == ExitCode.Done, command.Printed);
        return command.Printed;
    }
}
