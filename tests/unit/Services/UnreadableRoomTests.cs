using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Services;
using RelayServer.Protocol;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>A room or inbox of which the store has something that cannot be read keeps no topic, ending or command waiting for ever.</summary>
public sealed class UnreadableRoomTests : IDisposable
{
    private const string Headlines = "news.headlines";
    private const string Alerts = "news.alerts";
    private const ulong GivenUpMilliseconds = ChannelOpener.UnreadableMilliseconds + 2000;
    private const int Many = 100;

    private readonly ServiceBench _bench = new();
    private EdgeVoice _services = null!;
    private ulong _number;

    private MasterBench Master => _bench.Bench;

    [Fact]
    public void Update_AReceiverCannotBeRead_GoesOnWithoutIt()
    {
        Subscribe(Headlines, "broken", "whole");
        Restart("broken");
        Tell(Headlines);
        Tell(Headlines);
        Pass(GivenUpMilliseconds);
        Assert.Equal(2, Updates("whole"));
        Assert.Equal(2, Master.Counters.UpdatesLost);

        // It is known by now.
        Tell(Headlines);
        Assert.Equal(3, Updates("whole"));

        Master.Unreadable.Clear();
        Pass(GivenUpMilliseconds);
        Tell(Headlines);
        Assert.Equal((4, 1), (Updates("whole"), Updates("broken")));
        Assert.Equal(3, Master.Counters.UpdatesLost);
    }

    [Fact]
    public void Update_MoreReceiversCannotBeReadThanAreOpenedAtOnce_OtherTopicsGoOn()
    {
        string[] broken = [.. Enumerable.Range(0, Many).Select(i => $"broken-{i}")];
        Subscribe(Headlines, broken);
        Subscribe(Alerts, "whole");
        Restart(broken);
        Tell(Headlines);
        Tell(Alerts);
        Pass(2 * GivenUpMilliseconds);
        Assert.Equal(1, Updates("whole"));
        Assert.Equal(Many, Master.Counters.UpdatesLost);
    }

    [Fact]
    public void Join_WhileMoreRoomsThanAreReadAtOnceCannotBeRead_TheOthersAreReadAndThoseSeldom()
    {
        string[] broken = [.. Enumerable.Range(0, Many).Select(i => $"broken-{i}")];
        Master.Unreadable.UnionWith(broken);
        foreach (string room in broken)
        {
            _bench.Users.Interest(room);
        }

        _bench.Users.Interest("whole");
        _bench.Settle();
        Assert.Contains("whole", _bench.Told.SelectMany(relay => relay.Opened).Select(opened => opened.Channel));
        Assert.False(Master.Core.TryNextLoad(out _));

        Master.Unreadable.Clear();
        _bench.Told.Clear();
        _bench.Pass(ChannelTable.UnreadableRetryMilliseconds + 1000);
        Assert.Equal(Many, _bench.Told.SelectMany(relay => relay.Opened).Count());
    }

    [Fact]
    [Trait("Must", "R-UPD-5")]
    public void Update_WhileNothingCanBeRead_WaitsAndIsLostForNobody()
    {
        Subscribe(Headlines, "one", "two");
        Restart();
        Tell(Headlines);
        Master.IsStoreAway = true;
        Pass(4 * GivenUpMilliseconds);
        Master.IsStoreAway = false;
        Pass(1000);
        Assert.Equal((1, 1, 0L), (Updates("one"), Updates("two"), Master.Counters.UpdatesLost));
    }

    [Fact]
    [Trait("Must", "R-UPD-5")]
    public void Update_ReadableAgainAfterTheStoreWasAway_IsLostForNobody()
    {
        Subscribe(Headlines, "room");
        Restart("room");
        Tell(Headlines);
        Master.IsStoreAway = true;
        Pass(4 * GivenUpMilliseconds);
        Master.Unreadable.Clear();
        Tell(Headlines);
        Master.IsStoreAway = false;
        Pass(1000);
        Assert.Equal((2, 0L), (Updates("room"), Master.Counters.UpdatesLost));
    }

    [Fact]
    public void Subscribe_TheInboxCannotBeRead_IsRefusedForNow()
    {
        Restart("inbox:alice");
        _services.Command(Bodies.Command("news", "subscribe", ["alerts"]));
        Pass(GivenUpMilliseconds);
        Assert.Equal(ErrorCode.Unavailable, _bench.Outcome().Code);
    }

    [Fact]
    public void Ask_TheRoomCannotBeRead_IsRefusedForNowAndHoldsBackNothingElse()
    {
        EdgeVoice users = _bench.Users;
        Master.Unreadable.Add("broken");
        users.Query(QueryKind.Status, "broken");
        users.Publish("broken", 1);
        users.Publish("whole", 2);
        _bench.Settle();
        Assert.Equal([ErrorCode.Unavailable, ErrorCode.Unavailable], Refused());
        Assert.Equal(users.BatchNo, _bench.Told.Last(relay => relay.To == users.Address).Completed);

        // It is known by now, also while it is read once more.
        users.Publish("broken", 3);
        Master.Flush().ForEach(_bench.Told.Add);
        Assert.Equal(3, Refused().Count());
        Master.Unreadable.Clear();
        Master.Pass(ChannelTable.UnreadableRetryMilliseconds + 1000, users);
        Assert.True(Master.Core.TryNextLoad(out ChannelState broken));
        users.Publish("broken", 4);
        Assert.True(ChannelLoad.TakePage(broken.Logs.First(), new LogPage([], false)));
        Master.Core.Loaded(broken, Master.Now);
        users.Publish("broken", 5);
        _bench.Settle();
        Assert.Equal([5UL], _bench.Logged("broken", MessageKind.Data));
        Assert.Equal(4, Refused().Count());

        IEnumerable<ErrorCode> Refused() => _bench.Told.SelectMany(relay => relay.Errors).Select(error => error.Code);
    }

    public void Dispose() => _bench.Dispose();

    private void Subscribe(string topic, params string[] rooms)
    {
        foreach (string room in rooms)
        {
            _bench.Subscribe(room, topic, []);
        }
    }

    // Nothing is in memory any more.
    private void Restart(params string[] broken)
    {
        Master.Unreadable.UnionWith(broken);
        Master.Own(2);
        _services = Master.Edge("c-0003");
        _services.Register("news", Bodies.News());
        _bench.Settle();
    }

    private void Tell(string topic)
    {
        _services.Update("topic:" + topic, Bodies.Update(topic, []), ++_number);
        _bench.Settle();
    }

    private void Pass(ulong milliseconds)
    {
        for (ulong end = Master.Now + milliseconds; Master.Now < end;)
        {
            _bench.Told.AddRange(Master.Pass(1000, _services));
            _bench.Settle();
        }
    }

    private int Updates(string room) => _bench.Logged(room, MessageKind.Update).Count;
}
