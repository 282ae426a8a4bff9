using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Services;

/// <summary>Subscriptions that are changed, or end, while updates are on their way.</summary>
public sealed class SubscriptionRaceTests : IDisposable
{
    private const string Room = ServiceBench.Room;
    private const string Headlines = "news.headlines";
    private const ulong HourMilliseconds = 3_600_000;

    private readonly ServiceBench _bench = new();

    [Fact]
    [Trait("Must", "R-UPD-5")]
    public void Subscribe_AgainBeforeAnUpdateIsHandedOn_StillGetsIt()
    {
        _bench.Subscribe(Room, Headlines, ["world"], _bench.Bench.Now + HourMilliseconds);
        _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, ["world"]), 1);
        _bench.Bench.Flush();
        _bench.Bench.Now += 10;
        _bench.Users.Now = _bench.Bench.Now;
        _bench.Users.Control(Room, RoomControl.Subscribe(Headlines, ["economy", "world"], _bench.Bench.Now + (2 * HourMilliseconds)), 500);
        _bench.Settle();
        Assert.Equal([1], _bench.Logged(Room, MessageKind.Update));
    }

    [Fact]
    [Trait("Must", "R-SUB-6")]
    public void Expiry_NobodyHasSaidItYet_UpdatesEndAllTheSame()
    {
        ulong ends = _bench.Bench.Now + HourMilliseconds;
        _bench.Subscribe(Room, Headlines, [], ends);
        _bench.Bench.Now = ends;
        _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, ["world"]), 1);
        _bench.Settle();
        Assert.Empty(_bench.Logged(Room, MessageKind.Update));
    }

    public void Dispose() => _bench.Dispose();
}
