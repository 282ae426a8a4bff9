using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>However much services tell, and however many subscriptions end: rooms go on, and each service has its turn.</summary>
public sealed class ServiceLoadTests : IDisposable
{
    private const int Many = 1500;
    private const int FlushesMax = 500;
    private const string Headlines = "news.headlines";
    private const string Alerts = "news.alerts";
    private const ulong HourMilliseconds = 3_600_000;

    private readonly ServiceBench _bench = new();
    private ulong _number;

    private MasterBench Master => _bench.Bench;

    [Fact]
    public void Update_ForMoreRoomsThanAFlushTakes_LeavesRoomForChatInEachFlush()
    {
        Subscribe("room", Headlines);
        Tell(Headlines, textBytes: 1000);
        FlushUntil(() => Master.Counters.UpdatesHandedOn == Many);
    }

    [Fact]
    public void Update_ForRoomsThatAreNotInMemory_LeavesRoomForChatInEachFlush()
    {
        Subscribe("room", Headlines);
        Master.Own(2);
        _bench.Settle();
        EdgeVoice services = Master.Edge("c-0003");
        services.Update("topic:" + Headlines, Bodies.Update(Headlines, [], textBytes: 3500), ++_number);
        FlushUntil(() => Master.Counters.UpdatesHandedOn == Many);
    }

    [Fact]
    public void Update_OfATopicThatNeverEnds_LeavesOthersTheirTurn()
    {
        const int Flood = 20;
        Subscribe("one", Headlines);
        Subscribe("two", Alerts);
        Tell(Headlines);
        for (int i = 0; i < Flood; i++)
        {
            Tell(Alerts);
        }

        FlushUntil(() => _bench.Logged($"one-{Many - 1}", MessageKind.Update).Count == 1);
        Assert.InRange(_bench.Logged("two-0", MessageKind.Update).Count, 1, Flood / 2);
    }

    [Fact]
    [Trait("Must", "R-SUB-5")]
    public void Expiry_OfManyAtOnce_IsSaidWithoutPauseAndLeavesRoomForChatInEachFlush()
    {
        Subscribe("room", Headlines, Master.Now + HourMilliseconds);
        Master.Now += HourMilliseconds + 1000;
        Master.Core.Tick(Master.Now);
        FlushUntil(() => Master.Core.SubscriptionCount == 0);
    }

    [Fact]
    [Trait("Must", "R-SUB-5")]
    public void Expiry_OfManyThatAreNotInMemory_DoesNotReadThemAllAtOnce()
    {
        const int ReadMax = 100;
        Subscribe("room", Headlines, Master.Now + HourMilliseconds);
        Master.Now += HourMilliseconds + 1000;
        Master.Own(2);
        for (int i = 0; i < 5; i++)
        {
            Master.Core.Tick(Master.Now);
        }

        Assert.InRange(Master.Core.ChannelCount, 1, ReadMax);
        FlushUntil(() => Master.Core.SubscriptionCount == 0);
    }

    [Fact]
    public void Expiry_OfManyAtOnce_LeavesRoomForUpdatesInEachFlush()
    {
        Subscribe("room", Headlines, Master.Now + HourMilliseconds);
        Subscribe("other", Alerts);
        Tell(Alerts);
        FlushUntil(() => Master.Counters.UpdatesHandedOn == Many);
        Master.Now += HourMilliseconds + 1000;
        _bench.Services.Now = Master.Now;
        _bench.Services.Heartbeat();
        Master.Core.Tick(Master.Now);
        Tell(Alerts);
        FlushUntil(() => Master.Counters.UpdatesHandedOn > Many);
        Assert.InRange(Master.Core.SubscriptionCount, Many + (Many / 2), 2 * Many);
    }

    [Fact]
    public void Subscribe_ByManyInARoomThatIsBeingRead_LeavesRoomForChatInEachFlush()
    {
        for (int i = 0; i < Many; i++)
        {
            _bench.Users.Command(Bodies.Command("news", "subscribe", ["headlines"], "cold"), user: $"user-{i}", role: Role.Member);
        }

        FlushUntil(() => _bench.Logged("cold", MessageKind.Room).Count == Many);
    }

    [Fact]
    public void Update_ToUsersOfMoreSubscriptionsThanAreLookedAtAtOnce_IsToComeAgain()
    {
        Subscribe("inbox:user", Headlines);
        Subscribe("inbox:another", Headlines);
        Subscribe("inbox:other", Headlines);
        string last = PairwiseSubject.Of(new byte[PairwiseSubject.KeyBytes], "news"u8, Bodies.Utf8($"other-{Many - 1}"));
        _bench.Told.Clear();
        _bench.Services.Update("inbox:" + last, Bodies.Update("", []), ++_number);
        _bench.Settle();
        Assert.Equal([ErrorCode.Unavailable], _bench.Told.SelectMany(relay => relay.Errors).Select(error => error.Code));

        _bench.Pass(1000);
        _bench.Services.Update("inbox:" + last, Bodies.Update("", []), _number);
        _bench.Settle();
        Assert.Single(_bench.Logged($"inbox:other-{Many - 1}", MessageKind.Update));
        _bench.Told.Clear();
        _bench.Services.Update("inbox:" + last[1..] + last[0], Bodies.Update("", []), ++_number);
        _bench.Settle();
        Assert.Equal([ErrorCode.Forbidden], _bench.Told.SelectMany(relay => relay.Errors).Select(error => error.Code));
    }

    public void Dispose() => _bench.Dispose();

    private void Subscribe(string name, string topic, ulong expiresAtMilliseconds = 0)
    {
        bool isInbox = name.StartsWith("inbox:", StringComparison.Ordinal);
        for (int i = 0; i < Many; i += 100)
        {
            _bench.Users.Batch(() =>
            {
                for (int j = i; j < i + 100; j++)
                {
                    string user = isInbox ? $"{name["inbox:".Length..]}-{j}" : "olga";
                    _bench.Users.Control(
                        $"{name}-{j}", RoomControl.Subscribe(topic, [], expiresAtMilliseconds), ++_number, user: user, role: isInbox ? Role.Member : Role.Operator);
                }
            });
            _bench.Settle();
        }

        _bench.Told.Clear();
    }

    private void Tell(string topic, int textBytes = 0) =>
        _bench.Services.Update("topic:" + topic, Bodies.Update(topic, [], textBytes: textBytes), ++_number);

    private void FlushUntil(Func<bool> isDone)
    {
        for (int flushes = 0; !isDone(); flushes++)
        {
            Assert.InRange(flushes, 0, FlushesMax);
            Master.Load();
            Master.Flush();
            Assert.False(Master.Core.IsFull, "nothing can be said in rooms");
        }
    }
}
