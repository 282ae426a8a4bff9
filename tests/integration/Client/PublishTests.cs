using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Client;

public sealed class PublishTests : IAsyncLifetime
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
    public async Task PublishAsync_Acked_GivesThePosition()
    {
        ScriptedSession session = await JoinLobbyAsync();
        ValueTask<Position> publish = _client!.PublishAsync("lobby", "hé");
        var sent = (await session.ExpectPublishesAsync(1))[0];
        Assert.Equal(("lobby", _client.ProducerId, 1UL, "hé"), sent);
        await session.AckAsync("lobby", sent.ProducerId, 1);
        Assert.Equal(new Position(0, 0, 1, 101), await publish);
    }

    [Fact]
    [Trait("Must", "R-ACK-5")]
    public async Task PublishAsync_AcksInAnyOrder_EachGetsItsOwn()
    {
        ScriptedSession session = await JoinLobbyAsync();
        Task<Position>[] publishes = [.. Enumerable.Range(0, 8).Select(i => _client!.PublishAsync("lobby", $"m{i}").AsTask())];
        var sent = await session.ExpectPublishesAsync(8);
        ulong producerId = sent[0].ProducerId;
        await session.AckAsync("lobby", producerId, 5, 1);
        await session.AckAsync("lobby", producerId, 8, 8, 1, 999);
        await session.AckAsync("other", producerId + 1, 2);
        await session.AckAsync("lobby", producerId, 7, 6, 4, 3, 2);
        Position[] positions = await Task.WhenAll(publishes).WaitAsync(ScriptedSession.Deadline);
        Assert.Equal([101UL, 102, 103, 104, 105, 106, 107, 108], positions.Select(p => p.Seq));
    }

    [Fact]
    [Trait("Must", "R-PUB-5")]
    [Trait("Must", "R-WELCOME-1")]
    public async Task PublishAsync_WindowFull_WaitsForAnAck()
    {
        _edge.Welcome = new ScriptedWelcome { PublishWindowMessages = 2 };
        ScriptedSession session = await JoinLobbyAsync();
        Task<Position>[] publishes = [.. Enumerable.Range(0, 4).Select(i => _client!.PublishAsync("lobby", $"m{i}").AsTask())];
        var sent = await session.ExpectPublishesAsync(2);

        // A PING is answered after everything that was ready to be sent: a third publish would have come before it.
        await session.SendAsync(FrameType.Ping, [], correlation: 77);
        Assert.Equal(77U, (await session.ExpectAsync(FrameType.Pong)).Header.Correlation);
        await session.AckAsync("lobby", sent[0].ProducerId, 2);
        Assert.Equal("m2", (await session.ExpectPublishesAsync(1))[0].Text);
        await session.AckAsync("lobby", sent[0].ProducerId, 1, 3);
        Assert.Equal("m3", (await session.ExpectPublishesAsync(1))[0].Text);
        await session.AckAsync("lobby", sent[0].ProducerId, 4);
        await Task.WhenAll(publishes).WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    [Trait("Must", "R-PUB-2")]
    [Trait("Must", "R-PUB-3")]
    [Trait("Must", "R-PUB-4")]
    public async Task PublishAsync_ConnectionLost_SendsAgainWithTheSameNumbersInOrder()
    {
        ScriptedSession session = await JoinLobbyAsync();
        Task<Position>[] publishes = [.. Enumerable.Range(0, 4).Select(i => _client!.PublishAsync("lobby", $"m{i}").AsTask())];
        var sent = await session.ExpectPublishesAsync(4);
        await session.AckAsync("lobby", sent[0].ProducerId, 2);
        await publishes[1].WaitAsync(ScriptedSession.Deadline);
        session.Reset();

        ScriptedSession second = await _edge.AcceptReadyAsync();
        await second.GrantJoinAsync();
        Assert.Equal([sent[0], sent[2], sent[3]], await second.ExpectPublishesAsync(3));
        await second.AckAsync("lobby", sent[0].ProducerId, 1, 3, 4);
        await Task.WhenAll(publishes).WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task PublishAsync_WhileDisconnected_IsSentAfterTheRejoin()
    {
        ScriptedSession session = await JoinLobbyAsync();
        session.Reset();
        ScriptedSession second = await _edge.AcceptReadyAsync();
        ScriptedFrame join = await second.ExpectAsync(FrameType.Join);
        ValueTask<Position> publish = _client!.PublishAsync("lobby", "late");
        await second.SendAsync(FrameType.Ping, []);
        await second.ExpectAsync(FrameType.Pong);
        await second.JoinedAsync(join, 0, 0);
        var sent = (await second.ExpectPublishesAsync(1))[0];
        await second.AckAsync("lobby", sent.ProducerId, sent.Number);
        Assert.Equal(101UL, (await publish).Seq);
    }

    [Theory]
    [InlineData(ErrorCode.Forbidden)]
    [InlineData(ErrorCode.NumberExpired)]
    [InlineData(ErrorCode.TokenExpired)]
    [Trait("Must", "R-ERROR-3")]
    public async Task PublishAsync_RefusedForGood_ThrowsTheCode(ErrorCode code)
    {
        ScriptedSession session = await JoinLobbyAsync();
        ValueTask<Position> publish = _client!.PublishAsync("lobby", "no");
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(code, 0, "lobby", sent.Number);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => publish.AsTask());
        Assert.Equal(code, error.Code);
    }

    [Fact]
    [Trait("Must", "R-ERROR-3")]
    public async Task PublishAsync_RefusedForNow_IsSentAgainBeforeWhatFollowed()
    {
        ScriptedSession session = await JoinLobbyAsync();
        Task<Position> first = _client!.PublishAsync("lobby", "first").AsTask();
        Task<Position> second = _client.PublishAsync("lobby", "second").AsTask();
        var sent = await session.ExpectPublishesAsync(2);
        await session.ErrorAsync(ErrorCode.RateLimited, 300, "lobby", 2);
        await session.ErrorAsync(ErrorCode.RateLimited, 300, "lobby", 1);

        // Once the PING is answered, what came before it has been taken in.
        await session.SendAsync(FrameType.Ping, []);
        await session.ExpectAsync(FrameType.Pong);
        Task<Position> third = _client.PublishAsync("lobby", "third").AsTask();
        Assert.Equal(["first", "second", "third"], (await session.ExpectPublishesAsync(3)).Select(p => p.Text));
        await session.AckAsync("lobby", sent[0].ProducerId, 1, 2, 3);
        await Task.WhenAll(first, second, third).WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task PublishAsync_RefusedForNowTooLong_ThrowsTheCode()
    {
        ScriptedSession session = await JoinLobbyAsync(_edge.ClientOptions with { RefusalRetryTimeout = TimeSpan.Zero });
        ValueTask<Position> publish = _client!.PublishAsync("lobby", "no");
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(ErrorCode.Overloaded, 0, "lobby", sent.Number);
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => publish.AsTask());
        Assert.Equal(ErrorCode.Overloaded, error.Code);
    }

    [Fact]
    public async Task PublishAsync_Cancelled_EndsTheWaitAndKeepsTheWindowRight()
    {
        _edge.Welcome = new ScriptedWelcome { PublishWindowMessages = 1 };
        ScriptedSession session = await JoinLobbyAsync();
        using var cancel = new CancellationTokenSource();
        Task<Position> sentOne = _client!.PublishAsync("lobby", "sent", cancel.Token).AsTask();
        Task<Position> waiting = _client.PublishAsync("lobby", "waiting", cancel.Token).AsTask();
        Task<Position> kept = _client.PublishAsync("lobby", "kept").AsTask();
        var sent = await session.ExpectPublishesAsync(1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sentOne);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await session.AckAsync("lobby", sent[0].ProducerId, sent[0].Number);
        var next = await session.ExpectPublishesAsync(1);
        Assert.Equal("kept", next[0].Text);
        await session.AckAsync("lobby", next[0].ProducerId, next[0].Number);
        await kept.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task PublishAsync_NotJoined_ThrowsAtOnce()
    {
        (_client, _) = await _edge.ConnectAsync();
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => _client.PublishAsync("lobby", "x").AsTask());
        Assert.Equal(ErrorCode.NotJoined, error.Code);
    }

    [Fact]
    public async Task PublishAsync_PayloadAboveTheLimit_ThrowsAtOnce()
    {
        _edge.Welcome = new ScriptedWelcome { PayloadBytesMax = 10 };
        ScriptedSession session = await JoinLobbyAsync();
        RelayException error = await Assert.ThrowsAsync<RelayException>(() => _client!.PublishAsync("lobby", "elf bytes..").AsTask());
        Assert.Equal(ErrorCode.PayloadTooLarge, error.Code);
        Task<Position> fits = _client!.PublishAsync("lobby", "ten bytes.").AsTask();
        var sent = await session.ExpectPublishesAsync(1);
        await session.AckAsync("lobby", sent[0].ProducerId, sent[0].Number);
        await fits.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task PublishAsync_LargestPayload_ArrivesWhole()
    {
        ScriptedSession session = await JoinLobbyAsync();
        string text = new('x', ProtocolLimits.PayloadBytesMax);
        Task<Position>[] publishes = [.. Enumerable.Range(0, 20).Select(_ => _client!.PublishAsync("lobby", text).AsTask())];
        var sent = await session.ExpectPublishesAsync(20);
        Assert.All(sent, publish => Assert.Equal(text, publish.Text));
        await session.AckAsync("lobby", sent[0].ProducerId, [.. sent.Select(publish => publish.Number)]);
        await Task.WhenAll(publishes).WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    [Trait("Must", "R-PUB-6")]
    public async Task SendAsync_WithAndWithoutLog_SetsTheFlags()
    {
        ScriptedSession session = await JoinLobbyAsync();
        await _client!.SendAsync("lobby", "logged");
        await _client.SendAsync("lobby", "typing", ephemeral: true);
        Assert.Equal(FrameFlags.None, (await session.ExpectAsync(FrameType.Publish)).Header.Flags);
        Assert.Equal(FrameFlags.Ephemeral, (await session.ExpectAsync(FrameType.Publish)).Header.Flags);
    }

    [Fact]
    public async Task SendAsync_Refused_RaisesSendRefused()
    {
        ScriptedSession session = await JoinLobbyAsync();
        var refused = new TaskCompletionSource<RelayRefusal>(TaskCreationOptions.RunContinuationsAsynchronously);
        _client!.SendRefused += (_, refusal) => refused.TrySetResult(refusal);
        await _client.SendAsync("lobby", "no");
        var sent = (await session.ExpectPublishesAsync(1))[0];
        await session.ErrorAsync(ErrorCode.RateLimited, 0, "lobby", sent.Number);
        Assert.Equal(
            new RelayRefusal("lobby", sent.Number, ErrorCode.RateLimited, "scripted"),
            await refused.Task.WaitAsync(ScriptedSession.Deadline));
    }

    [Fact]
    public async Task DisposeAsync_SendsQueued_BeforeTheGoodbye()
    {
        ScriptedSession session = await JoinLobbyAsync();
        await _client!.SendAsync("lobby", "last words");
        Task disposed = _client.DisposeAsync().AsTask();
        Assert.Equal("last words", (await session.ExpectPublishesAsync(1))[0].Text);
        await session.ExpectAsync(FrameType.Close);
        await session.DisposeAsync();
        await disposed.WaitAsync(ScriptedSession.Deadline);
    }

    [Fact]
    public async Task DisposeAsync_WhileBusy_EndsEverything()
    {
        _edge.Welcome = new ScriptedWelcome { PublishWindowMessages = 4 };
        ScriptedSession session = await JoinLobbyAsync();
        Task<Position>[] publishes = [.. Enumerable.Range(0, 100).Select(i => _client!.PublishAsync("lobby", $"m{i}").AsTask())];
        await session.ExpectPublishesAsync(4);
        Task<RelaySubscription> joining = _client!.JoinAsync("other");
        await session.ExpectAsync(FrameType.Join);
        await _client.DisposeAsync().AsTask().WaitAsync(ScriptedSession.Deadline);
        foreach (Task<Position> publish in publishes)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => publish.WaitAsync(ScriptedSession.Deadline));
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => joining.WaitAsync(ScriptedSession.Deadline));
        Assert.Throws<ObjectDisposedException>(() => { _ = _client.PublishAsync("lobby", "after").AsTask(); });
        Assert.Equal(RelayClientState.Closed, _client.State);
    }

    private async Task<ScriptedSession> JoinLobbyAsync(RelayClientOptions? options = null)
    {
        (_client, ScriptedSession session) = await _edge.ConnectAsync(options);
        Task<RelaySubscription> joining = _client.JoinAsync("lobby");
        await session.GrantJoinAsync();
        await joining.WaitAsync(ScriptedSession.Deadline);
        return session;
    }
}
