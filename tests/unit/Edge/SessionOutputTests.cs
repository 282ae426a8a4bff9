using RelayServer.Edge;
using RelayServer.Edge.Fanout;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Edge;

/// <summary>What waits for one connection, on the thread of its shard, with a connection that the test plays.</summary>
[Collection(FrameCountingCollection.Name)]
public sealed class SessionOutputTests : IDisposable
{
    private const int BoundBytes = 2000;
    private const int FrameBytes = 200;
    private readonly EdgeCounters _counters = new();
    private readonly FanoutShard _shard;
    private readonly StubbornSink _sink = new();
    private readonly SessionOutput _output;
    private readonly long _heldBytesBefore = SharedFrame.HeldBytes;

    public SessionOutputTests()
    {
        _shard = new FanoutShard("test", new EdgeOptions(), _counters, new SteadyClock(TimeProvider.System));
        _output = new SessionOutput(_sink, _shard, BoundBytes);
    }

    [Fact]
    public async Task Send_ConnectionTakesPart_TheRestFollowsInOrder()
    {
        await OnShardAsync(() =>
        {
            _sink.Room = 30;
            Assert.True(Send(FrameType.Deliver));
            Assert.True(Send(FrameType.PubAck));
            Assert.Equal((2 * FrameBytes) - 30, _output.PendingBytes);
            Assert.Equal(_output.PendingBytes, _counters.OutboundQueuedBytes);
        });
        await GiveAsync(10);
        await GiveAsync(1000);
        await OnShardAsync(() => Assert.Equal(0, _output.PendingBytes));
        Assert.Equal([FrameType.Deliver, FrameType.PubAck], _sink.Frames().Select(frame => frame.Type));
        Assert.Equal(_heldBytesBefore, SharedFrame.HeldBytes);
    }

    [Fact]
    public async Task Send_AboveTheBound_RefusedUnlessItMayBeDropped()
    {
        await OnShardAsync(() =>
        {
            for (int bytes = 0; bytes < BoundBytes; bytes += FrameBytes)
            {
                Assert.True(Send(FrameType.Deliver));
            }

            Assert.True(Send(FrameType.Ping, isDroppable: true));
            Assert.False(Send(FrameType.Deliver));
            Assert.Equal(BoundBytes, _output.PendingBytes);
            _output.Drop();
            Assert.Equal(0, _counters.OutboundQueuedBytes);
        });
    }

    [Fact]
    public async Task Send_ManyEmptyFramesWait_TheirNumberIsBoundedToo()
    {
        var output = new SessionOutput(new StubbornSink(), _shard, 1024 * 1024);
        await OnShardAsync(() =>
        {
            SharedFrame pong = SharedFrame.Create(FrameType.Pong, FrameFlags.None, 0, default);
            int taken = 0;
            while (taken < 100_000 && output.Send(pong, isDroppable: false))
            {
                taken++;
            }

            pong.Release();
            Assert.InRange(taken, 8192, 8192 + 2);
            output.Drop();
        });
    }

    [Fact]
    public async Task WhenDrained_TwoWait_BothAreCalled()
    {
        int called = 0;
        await OnShardAsync(() =>
        {
            Send(FrameType.Deliver);
            _output.WhenDrained(() => called++);
            _output.WhenDrained(() => called++);
            Assert.Equal(0, called);
        });
        await GiveAsync(1000);
        await OnShardAsync(() => Assert.Equal(2, called));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(FrameBytes)]
    [InlineData(FrameBytes + 1)]
    public async Task Close_WithoutKeepingWhatWaits_ComesAtAFrameBoundaryAndLast(int room)
    {
        await OnShardAsync(() =>
        {
            _sink.Room = room;
            Send(FrameType.Deliver);
            Send(FrameType.Deliver);
            Send(FrameType.Deliver);
            SharedFrame close = SharedFrame.Create(FrameType.Close, FrameFlags.None, 0, new byte[20]);
            _output.Close(close, keepPending: false, 1);
            close.Release();
            Assert.True(Send(FrameType.Deliver), "what comes after CLOSE is let go");
        });
        await GiveAsync(1000);
        await OnShardAsync(() => Assert.True(_sink.IsComplete));
        List<FrameHeader> frames = _sink.Frames();
        Assert.Equal(FrameType.Close, frames[^1].Type);
        Assert.Single(frames, frame => frame.Type == FrameType.Close);
        Assert.Equal(_heldBytesBefore, SharedFrame.HeldBytes);
    }

    [Fact]
    public async Task Drop_WhileTheConnectionIsWaitedFor_EveryFrameComesBack()
    {
        await OnShardAsync(() =>
        {
            Send(FrameType.Deliver);
            Send(FrameType.Deliver);
            _output.Drop();
        });
        Assert.Equal(_heldBytesBefore + FrameBytes + SharedFrame.OverheadBytes, SharedFrame.HeldBytes);
        await GiveAsync(1000);
        Assert.Equal(_heldBytesBefore, SharedFrame.HeldBytes);
    }

    public void Dispose() => _shard.Dispose();

    private bool Send(FrameType type, bool isDroppable = false)
    {
        SharedFrame frame = SharedFrame.Create(type, FrameFlags.None, 0, new byte[FrameBytes - FrameHeader.SizeBytes]);
        bool taken = _output.Send(frame, isDroppable);
        frame.Release();
        return taken;
    }

    private Task OnShardAsync(Action action) => _shard.AtRoundEndAsync(action);

    // The end of a wait is posted to the shard from another thread: seen when the shard has done with it.
    private async Task GiveAsync(int room)
    {
        bool isWaitedFor = false;
        await OnShardAsync(() =>
        {
            isWaitedFor = _sink.IsWaitedFor;
            if (isWaitedFor)
            {
                _sink.Give(room);
            }
        });
        int before = _sink.TakenBytes;
        using var deadline = new CancellationTokenSource(ShardActions.Patience);
        bool isDone = !isWaitedFor;
        while (!isDone)
        {
            await OnShardAsync(() => isDone = _sink.IsWaitedFor || _output.PendingBytes == 0);
            deadline.Token.ThrowIfCancellationRequested();
        }

        // The reference that the wait held goes right after its callback.
        await OnShardAsync(() => Assert.True(_sink.TakenBytes >= before));
    }
}
