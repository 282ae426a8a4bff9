using System.Globalization;
using System.Net.Security;
using RelayServer.Cli;
using RelayServer.Cli.Connections;
using RelayServer.Client;
using RelayServer.IntegrationTests.Cli;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Client;

/// <summary>TLS against real edges: the right certificate works, and every other says in one line what is wrong with it.</summary>
public sealed class TlsTests
{
    private static readonly TimeSpan Valid = TimeSpan.FromDays(1);

    [Theory]
    [InlineData("--tls-authority")]
    [InlineData("--tls", "--tls-authority")]
    public async Task Chat_RightCertificate_Works(params string[] options)
    {
        using var certificate = new EdgeCertificate("edge.example", forLoopback: true, Valid);
        await using TestRelay relay = await StartAsync(certificate);
        (int exitCode, string error) = await ChatAsync("one\n", [$"{relay.A}", .. options, certificate.AuthorityFile]);
        Assert.Equal(ClientExitCode.Done, exitCode);
        Assert.EndsWith("published 1, acked 1, received 0, gaps 0\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_UnknownAuthority_SaysWhomToTrustAndHow()
    {
        using var certificate = new EdgeCertificate("edge.example", forLoopback: true, Valid);
        await using TestRelay relay = await StartAsync(certificate);
        string line = await RefusedAsync($"{relay.A}", "--tls");
        Assert.Equal(
            $"relay chat: {relay.A}: its certificate is signed by an authority that is not trusted here (CN=edge test authority): "
            + "trust that authority, in 'relay chat' with --tls-authority FILE",
            line);
    }

    [Fact]
    public async Task Chat_OtherAuthority_IsRefused()
    {
        using var certificate = new EdgeCertificate("edge.example", forLoopback: true, Valid);
        using var other = new EdgeCertificate("edge.example", forLoopback: true, Valid);
        await using TestRelay relay = await StartAsync(certificate);
        Assert.Contains("that is not trusted here", await RefusedAsync($"{relay.A}", "--tls-authority", other.AuthorityFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_WrongHostName_SaysWhichOnesAreRight()
    {
        using var certificate = new EdgeCertificate("edge.example", forLoopback: false, Valid);
        await using TestRelay relay = await StartAsync(certificate);
        Assert.Equal(
            $"relay chat: {relay.A}: its certificate is for edge.example, not for 127.0.0.1: connect by a name that it has",
            await RefusedAsync($"{relay.A}", "--tls-authority", certificate.AuthorityFile));
    }

    [Fact]
    public async Task Chat_ExpiredCertificate_SaysSinceWhen()
    {
        using var certificate = new EdgeCertificate("edge.example", forLoopback: true, TimeSpan.FromDays(-3));
        await using TestRelay relay = await StartAsync(certificate);
        string expired = certificate.Expires.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        Assert.Equal(
            $"relay chat: {relay.A}: its certificate expired on {expired} UTC: the edge needs a new one",
            await RefusedAsync($"{relay.A}", "--tls-authority", certificate.AuthorityFile));
    }

    [Fact]
    public async Task Chat_TlsAgainstAPlainEdge_SaysSoInOneLine()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        Assert.StartsWith(
            $"relay chat: {relay.A}: it does not answer in TLS; if it is a plain edge, connect without TLS",
            await RefusedAsync($"{relay.A}", "--tls"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_PlainAgainstATlsEdge_SaysSoInOneLine()
    {
        using var certificate = new EdgeCertificate("edge.example", forLoopback: true, Valid);
        await using TestRelay relay = await StartAsync(certificate);
        string line = await RefusedAsync($"{relay.A}");
        Assert.StartsWith($"relay chat: {relay.A}: ", line, StringComparison.Ordinal);
        Assert.EndsWith("; an edge that speaks TLS only does that: connect with TLS", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_AuthorityFileThatIsNone_IsWrongUsage()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("empty.pem"), "nothing", TestContext.Current.CancellationToken);
        using var error = new StringWriter();
        foreach (string file in (string[])[folder.File("empty.pem"), folder.File("missing.pem")])
        {
            Assert.Equal(2, await RelayCommandLine.RunAsync(["chat", "lobby", "--tls-authority", file], TextWriter.Null, error, default));
            Assert.Contains($"--tls-authority {file}", error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Client_RightCertificate_Publishes()
    {
        using var certificate = new EdgeCertificate("edge.example", forLoopback: true, Valid);
        await using TestRelay relay = await StartAsync(certificate);
        Assert.Null(ConnectionTls.TryReadAuthorities(certificate.AuthorityFile, out var authorities));
        await using RelayClient client = CreateClient(relay, new ConnectionTls(authorities).OptionsFor);
        await client.ConnectAsync(TestContext.Current.CancellationToken);
        await client.JoinAsync("lobby", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1UL, (await client.PublishAsync("lobby", "over TLS", TestContext.Current.CancellationToken)).Seq);
    }

    [Fact]
    public async Task Client_OwnCallback_Decides()
    {
        using var certificate = new EdgeCertificate("edge.example", forLoopback: false, Valid);
        await using TestRelay relay = await StartAsync(certificate);
        await using RelayClient trusting = CreateClient(relay, edge => new SslClientAuthenticationOptions
        {
            TargetHost = edge.Host,
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
                errors == (SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch),
        });
        await trusting.ConnectAsync(TestContext.Current.CancellationToken);
        await using RelayClient refusing = CreateClient(relay, edge => new SslClientAuthenticationOptions
        {
            TargetHost = edge.Host,
            RemoteCertificateValidationCallback = (_, _, _, _) => false,
        });
        await Assert.ThrowsAsync<RelayException>(() => refusing.ConnectAsync(TestContext.Current.CancellationToken));
    }

    private static RelayClient CreateClient(TestRelay relay, Func<RelayEndpoint, SslClientAuthenticationOptions> tls) => new(new RelayClientOptions
    {
        Endpoints = [RelayEndpoint.Parse($"{relay.A}")],
        TokenProvider = _ => ValueTask.FromResult("user:alice"),
        Tls = tls,
    });

    private static Task<TestRelay> StartAsync(EdgeCertificate certificate) => TestRelay.StartAsync(certificate.Use);

    /// <summary>The one line that a chat ends with which could not connect.</summary>
    private static async Task<string> RefusedAsync(params string[] arguments)
    {
        (int exitCode, string error) = await ChatAsync("", arguments);
        Assert.Equal(ClientExitCode.Connection, exitCode);
        return Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<(int ExitCode, string Error)> ChatAsync(string input, string[] arguments)
    {
        var chat = new ChatRun("user:alice");
        Task<int> running = chat.StartAsync(input, ["lobby", "--edge", .. arguments]);
        return (await running.WaitAsync(ScriptedSession.Deadline), chat.Error.ToString());
    }
}
