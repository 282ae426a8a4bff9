using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>Connections before and around their sessions: TLS, ports, tokens that end.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task Tls_CertificateOfItsOwnAuthority_SessionsWorkAsWithoutIt()
    {
        using var certificate = new EdgeCertificate();
        await using TestRelay relay = await TestRelay.StartAsync(certificate.Use);
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
        using var certificate = new EdgeCertificate();
        await using TestRelay relay = await TestRelay.StartAsync(certificate.Use);
        await using WireClient good = await SignInOverTlsAsync(relay.A, "alice");
        await using WireClient plain = await WireClient.ConnectAsync(relay.A);
        await plain.SendHelloAsync();
        Assert.True(await plain.IsEndAsync());
        await good.JoinAsync("lobby");
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

    [Fact]
    [Trait("Must", "R-AUTH-6")]
    public async Task Session_TokenIsRevoked_ClosedWithTokenRevokedAndNoOther()
    {
        using var folder = new TemporaryFolder();
        var tokens = new RevocableTokens();
        await using IFabric fabric = await EmbeddedFabric.OpenAsync(
            new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        await using var edge = new EdgeServer(
            new EdgeOptions { Listen = "127.0.0.1:0", DrainMilliseconds = 0 }, fabric, tokens, TimeProvider.System, NullLoggerFactory.Instance);
        await edge.StartAsync(TestContext.Current.CancellationToken);
        await using WireClient stays = await WireClient.SignInAsync(edge.Endpoint, "laptop:alice");
        await using WireClient lost = await WireClient.SignInAsync(edge.Endpoint, "phone:alice");
        tokens.Revoke("phone");
        Assert.Equal(ErrorCode.TokenRevoked, await lost.ReceiveCloseAsync());

        // One that is revoked while it signs in, which no later change of the list tells of.
        tokens.Validated = () => tokens.Revoke("tablet", isTold: false);
        await using WireClient late = await WireClient.SignInAsync(edge.Endpoint, "tablet:alice");
        Assert.Equal(ErrorCode.TokenRevoked, await late.ReceiveCloseAsync());
        await stays.SendLeaveAsync("lobby");
        Assert.Equal(ErrorCode.NotJoined, (await stays.ReceiveErrorAsync()).Code);
    }

    private static async Task<WireClient> SignInOverTlsAsync(IPEndPoint edge, string user)
    {
        WireClient client = await EdgeCertificate.ConnectAsync(edge);
        await client.SendHelloAsync();
        await client.SendAuthAsync("user:" + user);
        await client.ReceiveAsync(FrameType.Welcome);
        return client;
    }
}
