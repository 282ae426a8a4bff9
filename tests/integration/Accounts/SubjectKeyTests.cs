using System.Text.Json;
using RelayServer.Cli.Accounts;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Host;
using RelayServer.IntegrationTests.Support;
using RelayService = RelayServer.Client.Services.RelayService;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>A service knows a user by one name, whether it is called over the relay or shown a token.</summary>
public sealed class SubjectKeyTests : AccountCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Subject_OneProcessRelay_IsTheSameInTokenAndCall()
    {
        await using RunningRelay relay = await StartAsync();
        await relay.ReadyAsync();
        await AllowAsync(Data);
        Assert.Equal(await SubjectOfTokenAsync(Data), await SubjectOfCallAsync(relay, Data, Data));
    }

    [Fact]
    public async Task Subject_MasterWithTheKeyOfAnotherProcess_IsTheSameInTokenAndCall()
    {
        string key = File("subject-key");
        string mine = File("mine");
        await using RunningRelay auth = await RunningRelay.StartAsync("auth", "--data", File("auth"), "--listen", "127.0.0.1:0");
        await DoneAsync("auth", "subject-key", key, "--data", File("auth"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(key));
        await using RunningRelay relay = await StartAsync(
            "--set", "Auth:Enabled=false", "--set", $"Tokens:KeySets:0:Url={AuthOf(auth)}.well-known/jwks.json", "--set", $"Master:SubjectKeyFile={key}");
        await relay.ReadyAsync();
        await RegisterAsync(data: mine, auth: AuthOf(auth));
        await DoneAsync("consent", "grant", "weather", "--data", mine);
        Assert.Equal(await SubjectOfTokenAsync(mine), await SubjectOfCallAsync(relay, Data, mine));
    }

    [Fact]
    public async Task SubjectKey_Command_WritesTheSameAgainAndAnotherForAnotherInstallation()
    {
        foreach (string name in new[] { "one", "two" })
        {
            await DoneAsync("auth", "subject-key", File(name), "--data", File("auth"));
        }

        await DoneAsync("auth", "subject-key", File("other"), "--data", File("another"));
        Assert.Equal(SubjectKeyFile.Read(File("one")), SubjectKeyFile.Read(File("two")));
        Assert.NotEqual(SubjectKeyFile.Read(File("one")), SubjectKeyFile.Read(File("other")));

        // Not the secret that it is made from, which would open the accounts.
        string secret = (await System.IO.File.ReadAllTextAsync(Path.Combine(File("auth"), "auth-secret"), Cancel)).Trim();
        Assert.NotEqual(secret.Replace('-', '+').Replace('_', '/').TrimEnd('='), (await System.IO.File.ReadAllTextAsync(File("one"), Cancel)).Trim().TrimEnd('='));
    }

    [Fact]
    public async Task SubjectKey_FileThatCannotBeWritten_IsSaid() =>
        Assert.Contains(File("none"), await RefusedAsync(ExitCode.Failed, "auth", "subject-key", Path.Combine(File("none"), "key"), "--data", File("auth")), StringComparison.Ordinal);

    [Theory]
    [InlineData("AAAA", "is no key that 'relay auth subject-key' has written")]
    [InlineData("no base64!", "is no key that 'relay auth subject-key' has written")]
    [InlineData(null, "Master:SubjectKeyFile: ")]
    public async Task Start_MasterWithAFileThatIsNoKey_SaysSo(string? content, string message)
    {
        string key = content is null ? File("missing") : Secret("broken", content);
        string error = await RefusedAsync(ExitCode.Failed, "--data", Data, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--set", $"Master:SubjectKeyFile={key}");
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains(key, error, StringComparison.Ordinal);
        Assert.DoesNotContain(content ?? "AAAA", error.Replace(key, string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_MasterWithAKeyThatOthersMayRead_IsRefused()
    {
        string key = File("subject-key");
        await DoneAsync("auth", "subject-key", key, "--data", File("auth"));
        System.IO.File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains(
            $"chmod 600 {key}", await RefusedAsync(ExitCode.Failed, "--data", Data, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--set", $"Master:SubjectKeyFile={key}"),
            StringComparison.Ordinal);
    }

    private async Task AllowAsync(string data)
    {
        await RegisterAsync(data: data);
        await DoneAsync("consent", "grant", "weather", "--data", data);
    }

    private static async Task<string> SubjectOfTokenAsync(string login)
    {
        using var session = new AccountSession(login);
        JsonElement answer = await session.SendAsync(HttpMethod.Post, "/token", new() { ["service"] = "weather" }, Cancel);
        return answer.GetProperty("subject").GetString()!;
    }

    private static async Task<string> SubjectOfCallAsync(RunningRelay relay, string data, string login)
    {
        var called = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RelayService service = await ServeAsync(
            relay, data, "weather",
            command =>
            {
                called.TrySetResult(command.Subject);
                return ServiceResult.Of("dry");
            });
        await using var client = new RelayClient(OptionsFor(
            relay, async cancellationToken => (await new LoginTokens(login, TimeProvider.System).GetAsync(cancellationToken)).AccessToken));
        await client.ConnectAsync(Cancel);
        await Eventually.TrueAsync(
            async () => (await client.QueryMenuAsync(cancellationToken: Cancel)).Lines.Any(line => line.Name == "weather"), Patience, () => "the service is not there");
        await client.CommandAsync(new CommandRequest { Service = "weather", Verb = "now" }, Cancel);
        return await called.Task.WaitAsync(Patience, Cancel);
    }
}
