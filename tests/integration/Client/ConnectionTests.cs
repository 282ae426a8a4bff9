using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

public sealed class ConnectionTests : ScriptedClientTests
{
    [Fact]
    [Trait("Must", "R-HELLO-1")]
    public async Task ConnectAsync_Welcomed_ReportsTheUser()
    {
        await ConnectAsync();
        Assert.Equal(("user-1", RelayClientState.Connected), (Client.UserId, Client.State));
    }

    [Fact]
    public async Task ConnectAsync_NobodyThere_Throws()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new RelayEndpoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        listener.Stop();
        Client = new RelayClient(Edge.ClientOptions with { Endpoints = [endpoint] });
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => Client.ConnectAsync());
        Assert.Contains(endpoint.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal(RelayClientState.Closed, Client.State);
    }

    [Fact]
    public async Task ConnectAsync_FirstEndpointDown_TakesTheSecond()
    {
        var down = new ScriptedEdge();
        await down.DisposeAsync();
        await ConnectAsync(
            Edge.ClientOptions with { Endpoints = [down.Endpoint, Edge.Endpoint], ShuffleEndpoints = false });
        Assert.Equal(RelayClientState.Connected, Client.State);
    }

    [Theory]
    [InlineData(ErrorCode.BadMagic)]
    [InlineData(ErrorCode.UnsupportedVersion)]
    [InlineData((ErrorCode)4711)]
    [Trait("Must", "R-CLOSE-3")]
    public async Task ConnectAsync_ClosedWithAFinalCode_ThrowsAndDoesNotComeBack(ErrorCode code)
    {
        Client = new RelayClient(Edge.ClientOptions);
        Task connecting = Client.ConnectAsync();
        ScriptedSession session = await Edge.AcceptAsync();
        await session.ReadSignInAsync();
        await session.CloseAsync(code, 0);
        Assert.Equal(code, (await Assert.ThrowsAsync<RelayException>(() => connecting)).Code);
        Assert.Equal(RelayClientState.Closed, Client.State);
    }

    [Fact]
    [Trait("Must", "R-CLOSE-2")]
    public async Task ConnectAsync_ClosedForNow_ComesBackAfterTheBackoff()
    {
        Channel<RelayStateChange> changes = Channel.CreateUnbounded<RelayStateChange>();
        Client = new RelayClient(Edge.ClientOptions);
        Client.StateChanged += (_, change) => changes.Writer.TryWrite(change);
        Task connecting = Client.ConnectAsync();
        ScriptedSession session = await Edge.AcceptAsync();
        await session.ReadSignInAsync();
        await session.CloseAsync(ErrorCode.TooManyConnections, 50);
        await Edge.AcceptReadyAsync();
        await connecting.WaitAsync(ScriptedSession.Deadline);
        RelayStateChange waiting = await NextAsync(changes, RelayClientState.Waiting);
        Assert.Equal(ErrorCode.TooManyConnections, waiting.Error?.Code);
        Assert.InRange(waiting.RetryIn!.Value.TotalMilliseconds, 50, 70);
    }

    [Fact]
    public async Task Reconnect_TokenExpired_AsksTheProviderAgain()
    {
        int asked = 0;
        ScriptedSession session = await ConnectAsync(_ => ValueTask.FromResult($"token-{++asked}"), "token-1");
        await session.CloseAsync(ErrorCode.Draining, 0);
        ScriptedSession second = await Edge.AcceptAsync();
        Assert.Equal("token-1", await second.ReadSignInAsync());
        await second.CloseAsync(ErrorCode.TokenExpired, 0);
        ScriptedSession third = await Edge.AcceptAsync();
        Assert.Equal("token-2", await third.ReadSignInAsync());
        await third.WelcomeAsync(Edge.Welcome);
    }

    [Fact]
    public async Task Reconnect_TokenRefusedAfterALongOutage_ComesBackSoonWithAnother()
    {
        Channel<RelayStateChange> changes = Channel.CreateUnbounded<RelayStateChange>();
        int asked = 0;
        var min = TimeSpan.FromMilliseconds(20);
        ScriptedSession session = await ConnectAsync(Edge.ClientOptions with
        {
            TokenProvider = _ => ValueTask.FromResult($"token-{++asked}"),
            ReconnectBackoffMin = min,
            ReconnectBackoffMax = TimeSpan.FromSeconds(10),
        });
        Client.StateChanged += (_, change) => changes.Writer.TryWrite(change);
        session.Reset();
        for (int i = 0; i < 6; i++)
        {
            (await Edge.AcceptAsync()).Reset();
        }

        ScriptedSession refusing = await Edge.AcceptAsync();
        await refusing.ReadSignInAsync();
        await refusing.CloseAsync(ErrorCode.TokenInvalid, 0);
        RelayStateChange waiting;
        do
        {
            waiting = await NextAsync(changes, RelayClientState.Waiting);
        }
        while (waiting.Error?.Code != ErrorCode.TokenInvalid);
        Assert.InRange(waiting.RetryIn!.Value, TimeSpan.Zero, min);
        Assert.Equal("token-2", await (await Edge.AcceptAsync()).ReadSignInAsync());
    }

    [Fact]
    public async Task Reconnect_TokenRefusedTooLong_EndsForGood()
    {
        Channel<RelayStateChange> changes = Channel.CreateUnbounded<RelayStateChange>();
        ScriptedSession session = await ConnectAsync(Edge.ClientOptions with { RefusalRetryTimeout = TimeSpan.Zero });
        Client.StateChanged += (_, change) => changes.Writer.TryWrite(change);
        await session.CloseAsync(ErrorCode.TokenRevoked, 0);
        Assert.Equal(ErrorCode.TokenRevoked, (await NextAsync(changes, RelayClientState.Closed)).Error?.Code);
    }

    [Fact]
    public async Task Reconnect_ProviderStaleForAWhile_GetsThrough()
    {
        int asked = 0;
        ScriptedSession session = await ConnectAsync(
            _ => ++asked switch
            {
                < 3 => ValueTask.FromResult("stale"),
                3 => throw new IOException("the file is being replaced"),
                _ => ValueTask.FromResult("fresh"),
            },
            "stale");
        session.Reset();
        for (int i = 0; i < 2; i++)
        {
            ScriptedSession refusing = await Edge.AcceptAsync();
            Assert.Equal("stale", await refusing.ReadSignInAsync());
            await refusing.CloseAsync(ErrorCode.TokenInvalid, 0);
        }

        ScriptedSession last = await Edge.AcceptAsync();
        Assert.Equal("fresh", await last.ReadSignInAsync());
        await last.WelcomeAsync(Edge.Welcome);
    }

    [Fact]
    public async Task ConnectAsync_ProviderThrows_ThrowsASignInError()
    {
        Client = new RelayClient(Edge.ClientOptions with { TokenProvider = _ => throw new IOException("no such file") });
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => Client.ConnectAsync());
        Assert.Equal((ErrorFamily.SignInAgain, "no such file"), (error.Family, error.Message));
    }

    [Fact]
    [Trait("Must", "R-DRAIN-1")]
    public async Task Reconnect_Draining_MovesWithoutAnError()
    {
        await using var other = new ScriptedEdge();
        ScriptedSession session = await ConnectAsync(
            Edge.ClientOptions with { Endpoints = [Edge.Endpoint, other.Endpoint], ShuffleEndpoints = false });
        Task<RelaySubscription> joining = Client.JoinAsync("lobby");
        await session.GrantJoinAsync(3, 3);
        await joining.WaitAsync(ScriptedSession.Deadline);
        await session.DrainingAsync(10);
        await session.ExpectAsync(FrameType.Close);
        await session.DisposeAsync();
        ScriptedSession second = await other.AcceptReadyAsync();
        Assert.Equal(3UL, (await second.GrantJoinAsync(3, 3)).Join().Position.Seq);
    }

    [Fact]
    public async Task Heartbeat_NothingToSend_Pings()
    {
        Edge.Welcome = new ScriptedWelcome { HeartbeatMilliseconds = 20 };
        ScriptedSession session = await ConnectAsync();
        await session.ExpectAsync(FrameType.Ping);
        await session.ExpectAsync(FrameType.Ping);
    }

    [Fact]
    public async Task Heartbeat_ServerSilent_Reconnects()
    {
        Edge.Welcome = new ScriptedWelcome { HeartbeatMilliseconds = 20, IdleTimeoutMilliseconds = 60 };
        await ConnectAsync();
        await Edge.AcceptReadyAsync();
    }

    [Fact]
    public async Task Ping_FromTheServer_IsAnsweredWithItsCorrelation()
    {
        ScriptedSession session = await ConnectAsync();
        await session.SendAsync(FrameType.Ping, [], correlation: 0xdeadbeef);
        Assert.Equal(0xdeadbeef, (await session.ExpectAsync(FrameType.Pong)).Header.Correlation);
    }

    [Theory]
    [InlineData(FrameType.Deliver)]
    [InlineData(FrameType.PubAck)]
    [InlineData(FrameType.Joined)]
    [InlineData(FrameType.Left)]
    [InlineData(FrameType.Gap)]
    [InlineData(FrameType.Error)]
    [InlineData(FrameType.Close)]
    [InlineData(FrameType.Draining)]
    [InlineData(FrameType.Welcome)]
    [InlineData(FrameType.Publish)]
    [Trait("Must", "R-BODY-10")]
    public async Task Frame_MalformedOrOutOfPlace_Reconnects(FrameType type)
    {
        ScriptedSession session = await ConnectAsync();
        await session.SendAsync(type, [0xc1]);
        await Edge.AcceptReadyAsync();
    }

    [Fact]
    public async Task Frame_AboveTheLimit_Reconnects()
    {
        ScriptedSession session = await ConnectAsync();
        await session.SendRawAsync([0xff, 0xff, 0xff, 0xff, (byte)FrameType.Deliver, 0, 0, 0, 0, 0, 0, 0]);
        await Edge.AcceptReadyAsync();
    }

    [Fact]
    public async Task Frame_ReservedBytesSet_Reconnects()
    {
        ScriptedSession session = await ConnectAsync();
        await session.SendRawAsync([0, 0, 0, 0, (byte)FrameType.Ping, 0, 1, 0, 0, 0, 0, 0]);
        await Edge.AcceptReadyAsync();
    }

    [Fact]
    [Trait("Must", "R-FRAME-6")]
    public async Task Frame_OfUnknownType_IsPassedOver()
    {
        ScriptedSession session = await ConnectAsync();
        await session.SendAsync((FrameType)0x6f, [0x90]);
        await session.SendAsync(FrameType.Ping, []);
        await session.ExpectAsync(FrameType.Pong);
    }

    [Fact]
    [Trait("Must", "R-STATE-2")]
    public async Task Reconnect_NoWelcomeYet_SendsNothingButTheSignIn()
    {
        Edge.Welcome = new ScriptedWelcome { HeartbeatMilliseconds = 20 };
        (_, ScriptedSession session) = await JoinAsync();
        Task<Position> unanswered = Client.PublishAsync("lobby", "unanswered").AsTask();
        await session.ExpectPublishesAsync(1);
        session.Reset();

        // Everything that a client may want to send is there, and the heartbeat is long due, while the edge takes its time.
        ScriptedSession slow = await Edge.AcceptAsync();
        await slow.ReadSignInAsync();
        Task<Position> fresh = Client.PublishAsync("lobby", "fresh").AsTask();
        await Client.SendAsync("lobby", "ephemeral", ephemeral: true);
        Task<RelaySubscription> joining = Client.JoinAsync("other");
        Assert.False(slow.Socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead), "the client did not wait for WELCOME");
        await slow.CloseAsync(ErrorCode.TooManyConnections, 0);
        Assert.All(await slow.ReadToEndAsync(), frame => Assert.Equal(FrameType.Close, frame.Type));

        ScriptedSession ready = await Edge.AcceptReadyAsync();
        await ready.GrantJoinAsync();
        await ready.GrantJoinAsync();
        var sent = await ready.ExpectPublishesAsync(3);
        Assert.Equal(["ephemeral", "fresh", "unanswered"], sent.Select(publish => publish.Text).Order(StringComparer.Ordinal));
        await ready.AckAsync("lobby", sent[0].ProducerId, [.. sent.Select(publish => publish.Number)]);
        await Task.WhenAll(unanswered, fresh, joining).WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task Reconnect_LongestBackoffThatTheWireCanSay_IsWaitedFor()
    {
        Channel<RelayStateChange> changes = Channel.CreateUnbounded<RelayStateChange>();
        ScriptedSession session = await ConnectAsync();
        Client.StateChanged += (_, change) => changes.Writer.TryWrite(change);
        await session.CloseAsync(ErrorCode.Overloaded, uint.MaxValue);
        Assert.InRange((await NextAsync(changes, RelayClientState.Waiting)).RetryIn!.Value.TotalDays, 49, 50);
        await Client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        Assert.Null((await NextAsync(changes, RelayClientState.Closed)).Error);
    }

    private static async Task<RelayStateChange> NextAsync(Channel<RelayStateChange> changes, RelayClientState state)
    {
        using var deadline = new CancellationTokenSource(ScriptedSession.Deadline);
        while (true)
        {
            RelayStateChange change = await changes.Reader.ReadAsync(deadline.Token);
            if (change.State == state)
            {
                return change;
            }
        }
    }

    private async Task<ScriptedSession> ConnectAsync(Func<CancellationToken, ValueTask<string>> provider, string expectedToken)
    {
        Client = new RelayClient(Edge.ClientOptions with { TokenProvider = provider });
        Task connecting = Client.ConnectAsync();
        ScriptedSession session = await Edge.AcceptAsync();
        Assert.Equal(expectedToken, await session.ReadSignInAsync());
        await session.WelcomeAsync(Edge.Welcome);
        await connecting.WaitAsync(ScriptedSession.Deadline);
        return session;
    }
}
