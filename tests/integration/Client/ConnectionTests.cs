using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

public sealed class ConnectionTests : IAsyncLifetime
{
    private readonly ScriptedEdge _edge = new();
    private RelayClient? _client;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await _edge.DisposeAsync();
    }

    [Fact]
    [Trait("Must", "R-HELLO-1")]
    public async Task ConnectAsync_Welcomed_ReportsTheUser()
    {
        (_client, _) = await _edge.ConnectAsync();
        Assert.Equal(("user-1", RelayClientState.Connected), (_client.UserId, _client.State));
    }

    [Fact]
    public async Task ConnectAsync_NobodyThere_Throws()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = new RelayEndpoint("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        listener.Stop();
        _client = new RelayClient(_edge.ClientOptions with { Endpoints = [endpoint] });
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => _client.ConnectAsync());
        Assert.Contains(endpoint.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal(RelayClientState.Closed, _client.State);
    }

    [Fact]
    public async Task ConnectAsync_FirstEndpointDown_TakesTheSecond()
    {
        var down = new ScriptedEdge();
        await down.DisposeAsync();
        (_client, _) = await _edge.ConnectAsync(
            _edge.ClientOptions with { Endpoints = [down.Endpoint, _edge.Endpoint], ShuffleEndpoints = false });
        Assert.Equal(RelayClientState.Connected, _client.State);
    }

    [Theory]
    [InlineData(ErrorCode.BadMagic)]
    [InlineData(ErrorCode.UnsupportedVersion)]
    [InlineData((ErrorCode)4711)]
    [Trait("Must", "R-CLOSE-3")]
    public async Task ConnectAsync_ClosedWithAFinalCode_ThrowsAndDoesNotComeBack(ErrorCode code)
    {
        _client = new RelayClient(_edge.ClientOptions);
        Task connecting = _client.ConnectAsync();
        ScriptedSession session = await _edge.AcceptAsync();
        await session.ReadSignInAsync();
        await session.CloseAsync(code, 0);
        Assert.Equal(code, (await Assert.ThrowsAsync<RelayException>(() => connecting)).Code);
        Assert.Equal(RelayClientState.Closed, _client.State);
    }

    [Fact]
    [Trait("Must", "R-CLOSE-2")]
    public async Task ConnectAsync_ClosedForNow_ComesBackAfterTheBackoff()
    {
        Channel<RelayStateChange> changes = Channel.CreateUnbounded<RelayStateChange>();
        _client = new RelayClient(_edge.ClientOptions);
        _client.StateChanged += (_, change) => changes.Writer.TryWrite(change);
        Task connecting = _client.ConnectAsync();
        ScriptedSession session = await _edge.AcceptAsync();
        await session.ReadSignInAsync();
        await session.CloseAsync(ErrorCode.TooManyConnections, 50);
        await _edge.AcceptReadyAsync();
        await connecting.WaitAsync(ScriptedSession.Deadline);
        RelayStateChange waiting = await NextAsync(changes, RelayClientState.Waiting);
        Assert.Equal(ErrorCode.TooManyConnections, waiting.Error?.Code);
        Assert.InRange(waiting.RetryIn!.Value.TotalMilliseconds, 50, 60);
    }

    [Fact]
    public async Task Reconnect_TokenExpired_AsksTheProviderAgain()
    {
        int asked = 0;
        (_client, ScriptedSession session) = await ConnectAsync(_ => ValueTask.FromResult($"token-{++asked}"), "token-1");
        await session.CloseAsync(ErrorCode.Draining, 0);
        ScriptedSession second = await _edge.AcceptAsync();
        Assert.Equal("token-1", await second.ReadSignInAsync());
        await second.CloseAsync(ErrorCode.TokenExpired, 0);
        ScriptedSession third = await _edge.AcceptAsync();
        Assert.Equal("token-2", await third.ReadSignInAsync());
        await third.WelcomeAsync(_edge.Welcome);
    }

    [Fact]
    public async Task Reconnect_TokenRefusedTooLong_EndsForGood()
    {
        Channel<RelayStateChange> changes = Channel.CreateUnbounded<RelayStateChange>();
        (_client, ScriptedSession session) = await _edge.ConnectAsync(_edge.ClientOptions with { RefusalRetryTimeout = TimeSpan.Zero });
        _client.StateChanged += (_, change) => changes.Writer.TryWrite(change);
        await session.CloseAsync(ErrorCode.TokenRevoked, 0);
        Assert.Equal(ErrorCode.TokenRevoked, (await NextAsync(changes, RelayClientState.Closed)).Error?.Code);
    }

    [Fact]
    public async Task Reconnect_ProviderStaleForAWhile_GetsThrough()
    {
        int asked = 0;
        (_client, ScriptedSession session) = await ConnectAsync(
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
            ScriptedSession refusing = await _edge.AcceptAsync();
            Assert.Equal("stale", await refusing.ReadSignInAsync());
            await refusing.CloseAsync(ErrorCode.TokenInvalid, 0);
        }

        ScriptedSession last = await _edge.AcceptAsync();
        Assert.Equal("fresh", await last.ReadSignInAsync());
        await last.WelcomeAsync(_edge.Welcome);
    }

    [Fact]
    public async Task ConnectAsync_ProviderThrows_ThrowsASignInError()
    {
        _client = new RelayClient(_edge.ClientOptions with { TokenProvider = _ => throw new IOException("no such file") });
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => _client.ConnectAsync());
        Assert.Equal((ErrorFamily.SignInAgain, "no such file"), (error.Family, error.Message));
    }

    [Fact]
    [Trait("Must", "R-DRAIN-1")]
    public async Task Reconnect_Draining_MovesWithoutAnError()
    {
        await using var other = new ScriptedEdge();
        (_client, ScriptedSession session) = await _edge.ConnectAsync(
            _edge.ClientOptions with { Endpoints = [_edge.Endpoint, other.Endpoint], ShuffleEndpoints = false });
        Task<RelaySubscription> joining = _client.JoinAsync("lobby");
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
        _edge.Welcome = new ScriptedWelcome { HeartbeatMilliseconds = 20 };
        (_client, ScriptedSession session) = await _edge.ConnectAsync();
        await session.ExpectAsync(FrameType.Ping);
        await session.ExpectAsync(FrameType.Ping);
    }

    [Fact]
    public async Task Heartbeat_ServerSilent_Reconnects()
    {
        _edge.Welcome = new ScriptedWelcome { HeartbeatMilliseconds = 20, IdleTimeoutMilliseconds = 60 };
        (_client, _) = await _edge.ConnectAsync();
        await _edge.AcceptReadyAsync();
    }

    [Fact]
    public async Task Ping_FromTheServer_IsAnsweredWithItsCorrelation()
    {
        (_client, ScriptedSession session) = await _edge.ConnectAsync();
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
        (_client, ScriptedSession session) = await _edge.ConnectAsync();
        await session.SendAsync(type, [0xc1]);
        await _edge.AcceptReadyAsync();
    }

    [Fact]
    public async Task Frame_AboveTheLimit_Reconnects()
    {
        (_client, ScriptedSession session) = await _edge.ConnectAsync();
        await session.SendRawAsync([0xff, 0xff, 0xff, 0xff, (byte)FrameType.Deliver, 0, 0, 0, 0, 0, 0, 0]);
        await _edge.AcceptReadyAsync();
    }

    [Fact]
    public async Task Frame_ReservedBytesSet_Reconnects()
    {
        (_client, ScriptedSession session) = await _edge.ConnectAsync();
        await session.SendRawAsync([0, 0, 0, 0, (byte)FrameType.Ping, 0, 1, 0, 0, 0, 0, 0]);
        await _edge.AcceptReadyAsync();
    }

    [Fact]
    [Trait("Must", "R-FRAME-6")]
    public async Task Frame_OfUnknownType_IsPassedOver()
    {
        (_client, ScriptedSession session) = await _edge.ConnectAsync();
        await session.SendAsync((FrameType)0x6f, [0x90]);
        await session.SendAsync(FrameType.Ping, []);
        await session.ExpectAsync(FrameType.Pong);
    }

    [Fact]
    public async Task DisposeAsync_NeverConnected_Completes()
    {
        var client = new RelayClient(_edge.ClientOptions);
        await client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        Assert.Throws<ObjectDisposedException>(() => { _ = client.ConnectAsync(); });
    }

    [Fact]
    public async Task DisposeAsync_DuringTheHandshake_Completes()
    {
        var client = new RelayClient(_edge.ClientOptions);
        Task connecting = client.ConnectAsync();
        ScriptedSession session = await _edge.AcceptAsync();
        await session.ReadSignInAsync();
        await client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting);
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

    private async Task<(RelayClient Client, ScriptedSession Session)> ConnectAsync(
        Func<CancellationToken, ValueTask<string>> provider, string expectedToken)
    {
        var client = new RelayClient(_edge.ClientOptions with { TokenProvider = provider });
        Task connecting = client.ConnectAsync();
        ScriptedSession session = await _edge.AcceptAsync();
        Assert.Equal(expectedToken, await session.ReadSignInAsync());
        await session.WelcomeAsync(_edge.Welcome);
        await connecting.WaitAsync(ScriptedSession.Deadline);
        return (client, session);
    }
}
