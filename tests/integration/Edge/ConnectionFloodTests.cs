using System.Net;
using System.Net.Sockets;
using RelayServer.Edge;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>More connections than an edge may have, with and without TLS: bounded, told why, and nobody else disturbed.</summary>
public sealed class ConnectionFloodTests : IDisposable
{
    private const int HandshakesMax = 4;
    private const int ToldAtOnce = 64;
    private readonly EdgeCertificate _certificate = new();
    private readonly EdgeGauges _gauges = new("flooded-edge");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_AboveConnectionsMax_ClosedWithTooManyConnectionsUntilOneLeaves(bool isTls)
    {
        await using TestRelay relay = await StartAsync(isTls, edge => edge.ConnectionsMax = 2);
        await using WireClient first = await SignInAsync(relay.A, isTls);
        WireClient second = await SignInAsync(relay.A, isTls);
        Assert.Equal(ErrorCode.TooManyConnections, await RefusedAsync(relay.A, isTls));
        Assert.Equal(2, _gauges.Read("relay.edge.connections"));

        await second.DisposeAsync();
        await SignsInAtLastAsync(relay.A, isTls);
        await first.JoinAsync("lobby");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_AboveHandshakesMax_RefusedUntilTheSilentOnesTimeOutAndSessionsGoOn(bool isTls)
    {
        await using TestRelay relay = await StartAsync(isTls, edge => edge.HandshakeTimeoutMilliseconds = 2000);
        await using var alice = new RoomMember(await SignInAsync(relay.A, isTls), "lobby", 1);
        await alice.JoinAsync();
        List<Socket> silent = await ConnectSilentAsync(relay.A, HandshakesMax);
        await HandshakesAsync(HandshakesMax);
        Assert.Equal(ErrorCode.TooManyConnections, await RefusedAsync(relay.A, isTls));
        Assert.Equal(1UL, await alice.PublishAsync(1, "undisturbed"));

        await SignsInAtLastAsync(relay.A, isTls);
        Assert.Equal(2UL, await alice.PublishAsync(2, "still here"));
        silent.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_FloodThatNeverSpeaks_KeepsNoMoreThanTheLimits(bool isTls)
    {
        const int Flood = 300;
        await using TestRelay relay = await StartAsync(isTls, edge => edge.HandshakeTimeoutMilliseconds = 60_000);
        await using var alice = new RoomMember(await SignInAsync(relay.A, isTls), "lobby", 1);
        await alice.JoinAsync();
        List<Socket> flood = await ConnectSilentAsync(relay.A, Flood);

        // With TLS those that are to be told why wait for a handshake; all others are cut at once.
        int kept = HandshakesMax + (isTls ? ToldAtOnce : 0);
        var ends = flood.Select(EndAsync).ToList();
        for (int cut = 0; cut < Flood - kept; cut++)
        {
            ends.Remove(await Task.WhenAny(ends).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }

        Assert.Equal((HandshakesMax + 1, HandshakesMax), (_gauges.Read("relay.edge.connections"), _gauges.Read("relay.edge.handshakes")));
        Assert.Equal(1UL, await alice.PublishAsync(1, "undisturbed"));
        flood.ForEach(socket => socket.Dispose());
        await Task.WhenAll(ends);
        await HandshakesAsync(0);
    }

    public void Dispose()
    {
        _gauges.Dispose();
        _certificate.Dispose();
    }

    private Task<TestRelay> StartAsync(bool isTls, Action<EdgeOptions> configure) => TestRelay.StartAsync(edge =>
    {
        edge.Name = edge.Name == "edge-a" ? "flooded-edge" : edge.Name;
        edge.HandshakesMax = HandshakesMax;
        configure(edge);
        if (isTls)
        {
            _certificate.Use(edge);
        }
    });

    private static Task<WireClient> ConnectAsync(IPEndPoint edge, bool isTls) =>
        isTls ? EdgeCertificate.ConnectAsync(edge) : WireClient.ConnectAsync(edge);

    private static async Task<WireClient> SignInAsync(IPEndPoint edge, bool isTls)
    {
        WireClient client = await ConnectAsync(edge, isTls);
        await client.SendHelloAsync();
        await client.SendAuthAsync("user:alice");
        await client.ReceiveAsync(FrameType.Welcome);
        return client;
    }

    private static async Task<ErrorCode> RefusedAsync(IPEndPoint edge, bool isTls)
    {
        await using WireClient client = await ConnectAsync(edge, isTls);
        return await client.ReceiveCloseAsync();
    }

    // The edge sees by and by that there is room again.
    private static async Task SignsInAtLastAsync(IPEndPoint edge, bool isTls)
    {
        FrameType answer;
        do
        {
            await using WireClient client = await ConnectAsync(edge, isTls);
            await client.SendHelloAsync();
            await client.SendAuthAsync("user:bob");
            answer = (await client.ReceiveAsync()).Header.Type;
        }
        while (answer != FrameType.Welcome);
    }

    private static async Task<List<Socket>> ConnectSilentAsync(IPEndPoint edge, int count)
    {
        var sockets = new List<Socket>();
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(edge, TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                // Cut faster than it was there.
            }
        }

        return sockets;
    }

    private static async Task EndAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[256], TestContext.Current.CancellationToken) > 0)
            {
                // A CLOSE.
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private Task HandshakesAsync(int count) => Eventually.TrueAsync(
        () => _gauges.Read("relay.edge.handshakes") == count,
        TimeSpan.FromSeconds(20),
        () => $"{_gauges.Read("relay.edge.handshakes")} handshakes");
}
