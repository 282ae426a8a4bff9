using System.Net;
using System.Net.Sockets;
using RelayServer.Cli;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Cli;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Host;

/// <summary>How a relay starts, refuses to start, and stops.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_WithoutARole_PrintsWhereAndHow()
    {
        await using RunningRelay relay = await StartAsync();

        Assert.Matches(@"edge 1 +127\.0\.0\.1:\d+\n", relay.Screen);
        Assert.Matches(@"edge 2 +127\.0\.0\.1:\d+\n", relay.Screen);
        Assert.Matches(@"data +" + Data + "\n", relay.Screen);
        Assert.Matches(@"chat lobby --user alice --edge 127\.0\.0\.1:\d+ --data " + Data + "\n", relay.Screen);
        Assert.Contains("Stop with Ctrl+C.", relay.Screen, StringComparison.Ordinal);
        Assert.Empty(relay.Errors);
    }

    [Fact]
    public async Task Start_EdgesWithACertificate_PrintsAChatThatEncrypts()
    {
        using var certificate = new EdgeCertificate();
        await using RunningRelay relay = await StartAsync(
            "--set", $"Edge:TlsCertificateFile={certificate.CertificateFile}", "--set", $"Edge:TlsKeyFile={certificate.KeyFile}");

        Assert.Matches(@"chat lobby --user alice --edge 127\.0\.0\.1:\d+ --tls --data " + Data + "\n", relay.Screen);
    }

    [Fact]
    public async Task Start_IssuerAndAudienceOfItsOwn_ItsChatCommandAndTokensSignIn()
    {
        await using RunningRelay relay = await StartAsync("--set", "Tokens:Issuer=https://issuer.example", "--set", "Tokens:Audience=a chat");
        await relay.ReadyAsync();
        string edge = relay.Screen.Split("edge 1", 2)[1].TrimStart().Split('\n')[0];
        using var token = new StringWriter();
        Assert.Equal(ExitCode.Done, await RelayCommandLine.RunAsync(
            ["token", "--user", "bob", "--data", Data], token, TextWriter.Null, TestContext.Current.CancellationToken));
        await using WireClient bob = await WireClient.SignInAsync(IPEndPoint.Parse(edge), token.ToString().Trim());
        var chat = new ChatRun(string.Empty);

        int code = await chat.StartAsync("hello\n", "lobby", "--user", "alice", "--edge", edge, "--data", Data);

        Assert.True(code == ExitCode.Done, chat.Error.ToString());
    }

    [Fact]
    public async Task Stop_RunningRelay_TakesTheCredentialsAwayAndExitsWithZero()
    {
        await using RunningRelay relay = await StartAsync();
        Assert.True(File.Exists(DataFolder.TokenFileIn(Data)));

        relay.Stop();

        Assert.Equal(ExitCode.Done, await relay.ExitAsync());
        Assert.False(File.Exists(DataFolder.TokenFileIn(Data)));
        Assert.False(File.Exists(DataFolder.KeyFileIn(Data)));
        Assert.Empty(relay.Errors);
    }

    [Fact]
    public async Task Stop_SessionThatDoesNotMove_HttpSaysStoppingWhileItDrains()
    {
        await using RunningRelay relay = await StartAsync("--set", "Edge:DrainMilliseconds=20000");
        await relay.ReadyAsync();
        IPEndPoint edge = IPEndPoint.Parse(relay.Screen.Split("edge 1", 2)[1].TrimStart().Split('\n')[0]);
        using var client = new TcpClient();
        await client.ConnectAsync(edge, TestContext.Current.CancellationToken);

        relay.Stop();
        await relay.UntilAsync(HttpStatusCode.ServiceUnavailable, "\"reason\":\"stopping\"");
        client.Close();

        Assert.Equal(ExitCode.Done, await relay.ExitAsync());
    }

    [Fact]
    public async Task Start_EdgePortInUse_ExitsWithOneLine()
    {
        using TcpListener other = Listen(out int port);

        await AssertFailsAsync($"cannot listen on 127.0.0.1:{port} (Local:Listen:0): another program listens there", "--data", Data, "--listen", $"127.0.0.1:{port}", "--http", "127.0.0.1:0");
    }

    [Fact]
    public async Task Start_HttpPortInUse_ExitsWithOneLine()
    {
        using TcpListener other = Listen(out int port);

        await AssertFailsAsync($"cannot listen on 127.0.0.1:{port} (Http:Listen): another program listens there", "--data", Data, "--http", $"127.0.0.1:{port}");
    }

    [Fact]
    public async Task Start_AddressOfAnotherMachine_ExitsWithOneLine()
    {
        await AssertFailsAsync("(Http:Listen): this machine does not have that address", "--data", Data, "--http", "192.0.2.1:7480");
    }

    [Fact]
    public async Task Start_DataFolderBelowAFile_ExitsWithOneLine()
    {
        await File.WriteAllTextAsync(Data, "a file", TestContext.Current.CancellationToken);

        await AssertFailsAsync("cannot be written", "--data", Path.Combine(Data, "below"), "--http", "127.0.0.1:0");
    }

    [Fact]
    public async Task Start_DataFolderOfARunningRelay_ExitsWithOneLine()
    {
        await using RunningRelay relay = await StartAsync();

        await AssertFailsAsync(
            $"The data folder {Data} is in use by another relay", "--data", Data, "--http", "127.0.0.1:0");

        Assert.True(File.Exists(DataFolder.TokenFileIn(Data)), "the running relay's token must stay");
        Assert.Equal(["auth-secret.lock", "relay.lock"], Directory.GetFiles(Data, "*lock").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Start_CertificateThatIsNotThere_ExitsWithOneLine()
    {
        await AssertFailsAsync(
            "Edge:TlsCertificateFile",
            "--data", Data, "--http", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--set", "Edge:TlsCertificateFile=/none.pem", "--set", "Edge:TlsKeyFile=/none.key");
    }

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    private static async Task AssertFailsAsync(string expected, params string[] arguments)
    {
        using var error = new StringWriter();
        using var output = new StringWriter();

        int code = await RelayCommandLine.RunAsync(arguments, output, error, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(expected, Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    private Task<RunningRelay> StartAsync(params string[] more) =>
        RunningRelay.StartAsync(["--data", Data, "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0", .. more]);
}
