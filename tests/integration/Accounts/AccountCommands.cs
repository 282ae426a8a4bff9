using RelayServer.Cli;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Host;
using RelayServer.IntegrationTests.Support;
using RelayService = RelayServer.Client.Services.RelayService;

namespace RelayServer.IntegrationTests.Accounts;

/// <summary>Runs commands about accounts against a relay on a data folder of its own; its subclasses hold the tests.</summary>
public abstract class AccountCommands : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal string Data => File("data");

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static string EdgeOf(RunningRelay relay) => relay.Screen.Split("edge 1", 2)[1].TrimStart().Split('\n')[0].Trim();

    internal static string AuthOf(RunningRelay relay) => relay.Screen.Split("auth ", 2)[1].TrimStart().Split(' ')[0];

    internal static async Task<string> DoneAsync(params string[] arguments)
    {
        (int code, string output, string error) = await RunAsync(arguments);
        Assert.True(code == ExitCode.Done, $"{string.Join(' ', arguments)}: {code} {error}");
        return output;
    }

    internal static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await RelayCommandLine.RunAsync(arguments, output, error, Cancel);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs what is refused, and returns what it says.</summary>
    internal static async Task<string> RefusedAsync(int code, params string[] arguments)
    {
        (int actual, _, string error) = await RunAsync(arguments);
        Assert.True(actual == code, $"{string.Join(' ', arguments)}: {actual} {error}");
        return error;
    }

    /// <summary>A service of a relay, whose verb <c>now</c> is answered so.</summary>
    internal static Task<RelayService> ServeAsync(RunningRelay relay, string data, string name, Func<ServiceCommand, ServiceResult> answer)
    {
        (TrustedKey key, string audience) = LocalToken.Read(data);
        string speaker = LocalToken.Mint(key, audience, $"speaker-{name}", TimeSpan.FromHours(1), TokenRole.Service, name);
        return new ServiceBuilder(name, name)
            .Verb(new ServiceVerb { Name = "now", Summary = "Says how it is" }, (command, _) => ValueTask.FromResult(answer(command)))
            .StartAsync(OptionsFor(relay, _ => ValueTask.FromResult(speaker)), Cancel);
    }

    internal static RelayClientOptions OptionsFor(RunningRelay relay, Func<CancellationToken, ValueTask<string>> token) => new()
    {
        Endpoints = [RelayEndpoint.Parse(EdgeOf(relay))],
        TokenProvider = token,
    };

    internal string File(string name) => _folder.File(name);

    internal Task<RunningRelay> StartAsync(params string[] arguments) =>
        RunningRelay.StartAsync(["--data", Data, "--listen", "127.0.0.1:0", "--set", "Local:SampleServices=false", .. arguments]);

    /// <summary>Makes the account <c>alice</c>, and returns its user id.</summary>
    internal async Task<string> RegisterAsync(string name = "alice", string? data = null, string? auth = null)
    {
        string[] where = auth is null ? [] : ["--auth", auth];
        string output = await DoneAsync(
            ["register", name, "--password-file", Secret("password", "correct horse"), "--data", data ?? Data, "--json", .. where]);
        return output.Split('"')[3];
    }

    internal string Secret(string name, string content)
    {
        string path = File(name);
        System.IO.File.WriteAllText(path, content + "\n");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
