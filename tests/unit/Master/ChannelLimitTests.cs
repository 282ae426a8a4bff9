using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Master;

/// <summary>What the master keeps of channels: nothing of empty ones, the idle ones while there is room, and never more than it may.</summary>
public sealed class ChannelLimitTests : IDisposable
{
    private const int ChannelsMax = 10;
    private readonly MasterBench _bench = new(options => options.ChannelsMax = ChannelsMax);
    private readonly EdgeVoice _edge;

    public ChannelLimitTests() => _edge = _bench.Edge("a");

    [Fact]
    public void Disinterest_ChannelNeverWrittenTo_IsForgottenAtOnce()
    {
        for (int i = 0; i < 1000; i++)
        {
            _edge.Interest($"room-{i}");
            _bench.Load();
            Assert.Equal(1, _bench.Flush().Sum(relay => relay.Opened.Count));
            _edge.Disinterest($"room-{i}");
            Assert.Equal(0, _bench.Core.ChannelCount);
        }
    }

    [Fact]
    public void Disinterest_BeforeTheLogWasRead_IsForgottenWhenItIsAndNoTopIsTold()
    {
        _edge.Interest("room");
        _edge.Disinterest("room");
        _bench.Load();
        Assert.Equal(0, _bench.Core.ChannelCount);
        Assert.Empty(_bench.Flush().SelectMany(relay => relay.Opened));
    }

    [Fact]
    public void Disinterest_OfAChannelThatIsNotInMemory_ReadsNothing()
    {
        _edge.Disinterest("room");
        Assert.Equal(0, _bench.Core.ChannelCount);
        Assert.False(_bench.Core.TryNextLoad(out _));
    }

    [Fact]
    public void Interest_MoreChannelsThanFit_TheOneIdleLongestGoesAndIsReadAgainWhenWanted()
    {
        for (int i = 0; i < ChannelsMax; i++)
        {
            Write($"room-{i}");
        }

        _edge.Publish("room-0", 2);
        Settle();
        Write("another");
        Assert.Equal(ChannelsMax, _bench.Core.ChannelCount);
        Assert.False(Reads("room-0"));
        Assert.True(Reads("room-1"));
    }

    [Fact]
    public void Interest_AllChannelsHaveMembers_RefusedToAllThatWaitAndOthersGoOn()
    {
        for (int i = 0; i < ChannelsMax; i++)
        {
            _edge.Interest($"room-{i}");
        }

        _edge.Interest("another");
        _edge.Publish("another", 1, session: 7);
        _edge.Publish("room-3", 1, session: 8);
        _bench.Load();
        RelayView relay = Assert.Single(_bench.Flush());
        Assert.Equal([(0UL, ErrorCode.Overloaded), (7UL, ErrorCode.Overloaded)], relay.Errors);
        Assert.Equal(ChannelsMax, relay.Opened.Count);
        Assert.Equal(8UL, Assert.Single(relay.Acks).Session);
        Assert.Equal(ChannelsMax, _bench.Core.ChannelCount);

        _edge.Disinterest("room-0");
        _edge.Interest("another");
        _bench.Load();
        Assert.Equal("another", Assert.Single(Assert.Single(_bench.Flush()).Opened).Channel);
    }

    [Fact]
    public void Interest_IdleChannelsWhoseFlushIsUnderWay_AreNotEvicted()
    {
        for (int i = 0; i < ChannelsMax; i++)
        {
            _edge.Publish($"room-{i}", 1);
        }

        _bench.Load();
        _bench.Build();
        _edge.Interest("another");
        Assert.Equal(ChannelsMax, _bench.Core.ChannelCount);
        _bench.Core.FlushDone();
        _bench.Core.Tick(_bench.Now);
        Assert.Equal([(0UL, ErrorCode.Overloaded)], Assert.Single(_bench.Flush()).Errors);
        _edge.Interest("another");
        _bench.Load();
        Assert.Single(Assert.Single(_bench.Flush()).Opened);
    }

    [Fact]
    public void LoadFailed_HalfwayThroughTheLog_BeginsAnewAndAnswersWhoWaits()
    {
        Write("room");
        Write("room", 2);
        _bench.Own(2);
        EdgeVoice again = _bench.Edge("a");
        again.Interest("room");
        again.Publish("room", 3);
        Assert.True(_bench.Core.TryNextLoad(out ChannelState channel));
        MasterPage(channel, 1);
        _bench.Core.LoadFailed(channel);
        _bench.Load();
        RelayView relay = Assert.Single(_bench.Flush());
        Assert.Equal(("room", new Position(0, 0, 2, 3)), Assert.Single(relay.Opened));
        Assert.Equal(3UL, Assert.Single(relay.Acks).Seq);
    }

    public void Dispose() => _bench.Dispose();

    private void MasterPage(ChannelState channel, int entries) => Assert.True(
        ChannelLoad.TakePage(channel.Partitions[0], new LogPage([.. _bench.Log(channel.NameText).Take(entries)], true)));

    private void Write(string channel, ulong number = 1)
    {
        _bench.Now++;
        _edge.Now = _bench.Now;
        _edge.Interest(channel);
        _edge.Publish(channel, number);
        _edge.Disinterest(channel);
        Settle();
    }

    // Read, flushed and told: nothing is under way.
    private void Settle()
    {
        _bench.Load();
        foreach (RelayView relay in _bench.Flush())
        {
            _edge.Confirmed = relay.RelayNo;
        }

        _bench.Core.Tick(_bench.Now);
    }

    private bool Reads(string channel)
    {
        _edge.Interest(channel);
        bool reads = _bench.Core.TryNextLoad(out ChannelState loading);
        if (reads)
        {
            MasterPage(loading, int.MaxValue);
            _bench.Core.Loaded(loading, _bench.Now);
        }

        _edge.Disinterest(channel);
        return reads;
    }
}
