using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>Connections before and around their sessions: TLS, limits, ports, tokens that end.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task Tls_SelfSignedCertificate_SessionsWorkAsWithoutIt()
    {
        using var folder = new TemporaryFolder();
        WriteCertificate(folder);
        await using TestRelay relay = await TestRelay.StartAsync(edge =>
        {
            edge.TlsCertificateFile = folder.File("edge.pem");
            edge.TlsKeyFile = folder.File("edge.key");
        });
        await using var alice = new RoomMember(await SignInOverTlsAsync(relay.A, "alice"), "lobby", 1);
        await using var bob = new RoomMember(await SignInOverTlsAsync(relay.B, "bob"), "lobby", 2);
        await alice.JoinAsync();
        await bob.JoinAsync();
        for (ulong number = 1; number <= 50; number++)
        {
            Assert.Equal(number, await alice.PublishAsync(number, new string('x', 20_000)));
        }

        await bob.HasMessagesAsync(50);
    }

    [Fact]
    public async Task Tls_ClientSpeaksPlainText_IsCutAndOthersAreNot()
    {
        using var folder = new TemporaryFolder();
        WriteCertificate(folder);
        await using TestRelay relay = await TestRelay.StartAsync(edge =>
        {
            edge.TlsCertificateFile = folder.File("edge.pem");
            edge.TlsKeyFile = folder.File("edge.key");
        });
        await using WireClient good = await SignInOverTlsAsync(relay.A, "alice");
        await using WireClient plain = await WireClient.ConnectAsync(relay.A);
        await plain.SendHelloAsync();
        Assert.True(await plain.IsEndAsync());
        await good.JoinAsync("lobby");
    }

    [Fact]
    public async Task Connect_AboveTheLimit_ClosedWithTooManyConnectionsUntilOneLeaves()
    {
        await using TestRelay relay = await TestRelay.StartAsync(edge => edge.ConnectionsMax = 2);
        await using WireClient first = await WireClient.SignInAsync(relay.A, "user:alice");
        WireClient second = await WireClient.SignInAsync(relay.A, "user:alice");
        await using (WireClient third = await WireClient.ConnectAsync(relay.A))
        {
            Assert.Equal(ErrorCode.TooManyConnections, await third.ReceiveCloseAsync());
        }

        await second.DisposeAsync();
        while (!await TryAsync(relay.A))
        {
            // The edge has yet to see that the second one has left.
        }

        await first.JoinAsync("lobby");
    }

    [Fact]
    public async Task StartAsync_PortIsTaken_SaysSo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var folder = new TemporaryFolder();
        await using IFabric fabric = await EmbeddedFabric.OpenAsync(
            new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        await using var edge = new EdgeServer(
            new EdgeOptions { Listen = taken.LocalEndpoint.ToString()! }, fabric, new UserTokens(), TimeProvider.System, NullLoggerFactory.Instance);
        await Assert.ThrowsAsync<IOException>(() => edge.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Must", "R-AUTH-5")]
    public async Task Session_TokenExpires_ClosedWithTokenExpired()
    {
        using var folder = new TemporaryFolder();
        await using IFabric fabric = await EmbeddedFabric.OpenAsync(
            new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        await using var edge = new EdgeServer(
            new EdgeOptions { Listen = "127.0.0.1:0", DrainMilliseconds = 0 },
            fabric, new ShortTokens(TimeSpan.FromSeconds(1)), TimeProvider.System, NullLoggerFactory.Instance);
        await edge.StartAsync(TestContext.Current.CancellationToken);
        await using WireClient client = await WireClient.SignInAsync(edge.Endpoint, "user:alice");
        Assert.Equal(ErrorCode.TokenExpired, await client.ReceiveCloseAsync());
    }

    private static async Task<bool> TryAsync(IPEndPoint edge)
    {
        await using WireClient client = await WireClient.ConnectAsync(edge);
        await client.SendHelloAsync();
        await client.SendAuthAsync("user:alice");
        (FrameHeader header, _) = await client.ReceiveAsync();
        return header.Type == FrameType.Welcome;
    }

    private static async Task<WireClient> SignInOverTlsAsync(IPEndPoint edge, string user)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(edge, TestContext.Current.CancellationToken);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",

                // The certificate is made by the test a moment before.
                RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost",
            },
            TestContext.Current.CancellationToken);
        WireClient client = WireClient.Over(tls);
        await client.SendHelloAsync();
        await client.SendAuthAsync("user:" + user);
        await client.ReceiveAsync(FrameType.Welcome);
        return client;
    }

    private static void WriteCertificate(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(folder.File("edge.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("edge.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
