using RelayServer.Edge;
using RelayServer.Edge.Fanout;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.UnitTests.Identity;

namespace RelayServer.UnitTests.Edge;

/// <summary>When a shard lets the masters send more: members that the test plays, and a clock that it sets.</summary>
[Collection(FrameCountingCollection.Name)]
public sealed class FanoutPressureTests : IDisposable
{
    private const int FrameBytes = FanoutPressure.BehindBytes + 1000;
    private readonly FixedTime _time = new();
    private readonly EdgeCounters _counters = new();
    private readonly EdgeOptions _options = new();
    private readonly List<StubbornSink> _sinks = [];
    private readonly MemberList _members = new();
    private readonly FanoutShard _shard;

    public FanoutPressureTests() => _shard = new FanoutShard("test", _options, _counters, new SteadyClock(_time));

    [Fact]
    public async Task Mark_EverybodyTookTheFrame_IsReachedAtOnce()
    {
        Join(members: 20, takers: 20);
        await FanoutAsync();
        await Reached();
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(5, 4)]
    [InlineData(20, FanoutPressure.FewMax)]
    [InlineData(20 * FanoutPressure.ActivePerBehind, 20)]
    public async Task Mark_AFewAreBehind_IsReachedAtOnce(int members, int behind)
    {
        Join(members, takers: members - behind);
        await FanoutAsync();
        await Reached();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(20, FanoutPressure.FewMax + 1)]
    [InlineData(20 * FanoutPressure.ActivePerBehind, 21)]
    public async Task Mark_TooManyAreBehind_IsReachedWhenEnoughHaveCaughtUp(int members, int behind)
    {
        Join(members, takers: members - behind);
        await FanoutAsync();
        Task reached = Reached();
        await BarrierAsync();
        Assert.False(reached.IsCompleted);
        await OnShardAsync(() => _sinks[^1].Give(FrameBytes));
        await reached;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(FanoutPressure.FewMax + 1)]
    public async Task Mark_AllAreStuck_IsReachedAfterTwoWindows(int members)
    {
        Join(members, takers: 0);
        await FanoutAsync();
        Task reached = Reached();
        await PassWindowAsync();
        Assert.False(reached.IsCompleted);
        await PassWindowAsync();
        await reached;
    }

    [Fact]
    public async Task Mark_AFewSlowOnesTakeSome_IsReachedAfterTwoWindows()
    {
        Join(members: 1, takers: 0);
        await FanoutAsync();
        await FanoutAsync();
        Task reached = Reached();
        await PassWindowAsync();
        await GiveAsync(100);
        Assert.False(reached.IsCompleted);
        await PassWindowAsync();
        await reached;
    }

    [Fact]
    public async Task Mark_ManySlowOnesTakeSome_WaitsOn()
    {
        Join(members: FanoutPressure.FewMax + 1, takers: 0);
        await FanoutAsync();
        await FanoutAsync();
        Task reached = Reached();
        for (int windows = 0; windows < 5; windows++)
        {
            await PassWindowAsync();
            await GiveAsync(100);
            Assert.False(reached.IsCompleted);
        }

        await GiveAsync(2 * FrameBytes);
        await reached;
    }

    [Fact]
    public async Task Mark_TheOneBehindWasClosed_IsReached()
    {
        Join(members: 1, takers: 0);
        await FanoutAsync();
        Task reached = Reached();
        await BarrierAsync();
        Assert.False(reached.IsCompleted);
        await OnShardAsync(() => _members[0].Output!.Drop());
        await reached;
    }

    [Fact]
    public async Task Fanout_ManyFramesAreHeld_WhoIsBehindIsCutEarlier()
    {
        _options.HeldFramesBytesMax = SharedFrame.HeldBytes + (2 * (FrameBytes + SharedFrame.OverheadBytes));
        Join(members: 2, takers: 1);
        _sinks[0].Room = int.MaxValue;
        for (int frames = 0; frames < 4; frames++)
        {
            await FanoutAsync();
        }

        await OnShardAsync(() => Assert.Equal(1, _counters.SlowConsumers));
        Assert.True(_options.OutboundBytesMax > 5 * FrameBytes, "the member's own bound must not be what cut it");
    }

    public void Dispose()
    {
        _shard.Dispose();
        foreach (StubbornSink sink in _sinks.Where(sink => sink.IsWaitedFor))
        {
            sink.Give(0);
        }
    }

    private void Join(int members, int takers)
    {
        for (int i = 0; i < members; i++)
        {
            var sink = new StubbornSink { Room = i < takers ? int.MaxValue : 0 };
            _sinks.Add(sink);
            var session = new EdgeSession((ulong)i, "user"u8.ToArray()) { Output = new SessionOutput(sink, _shard, _options.OutboundBytesMax) };
            _shard.Post(new ShardItem { Kind = ShardItemKind.AddSession, Session = session });
            _shard.Post(new ShardItem { Kind = ShardItemKind.AddMember, Session = session, Members = _members });
        }
    }

    private async Task FanoutAsync()
    {
        SharedFrame frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, new byte[FrameBytes - FrameHeader.SizeBytes]);
        _shard.Post(new ShardItem { Kind = ShardItemKind.Fanout, Members = _members, Frame = frame, Count = 1 });
        await BarrierAsync();
    }

    private async Task Reached()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _shard.Post(new ShardItem { Kind = ShardItemKind.Mark, Callback = reached.SetResult });
        await reached.Task.WaitAsync(ShardActions.Patience);
    }

    // To all that wait. The sink's wait ends on another thread; the shard has seen it once it waits again or nothing is
    // left.
    private async Task GiveAsync(int room)
    {
        await OnShardAsync(() => _sinks.ForEach(sink => sink.Give(room)));
        using var deadline = new CancellationTokenSource(ShardActions.Patience);
        bool isSeen = false;
        while (!isSeen)
        {
            await OnShardAsync(() => isSeen = Enumerable.Range(0, _sinks.Count)
                .All(i => _sinks[i].IsWaitedFor || _members[i].Output!.PendingBytes == 0));
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task PassWindowAsync()
    {
        _time.Now += TimeSpan.FromMilliseconds(FanoutPressure.WindowMilliseconds);
        await BarrierAsync();
    }

    // Two: the first may still be in the round that what was posted before it is in; marks come at the round's end.
    private async Task BarrierAsync()
    {
        await OnShardAsync(() => { });
        await OnShardAsync(() => { });
    }

    private Task OnShardAsync(Action action) => _shard.InTurnAsync(action);
}
