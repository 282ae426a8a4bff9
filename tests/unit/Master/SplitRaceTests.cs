using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Splits and what comes at the same moment: late edges, flushes under way, retention, lost connections.</summary>
public sealed class SplitRaceTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new(options => options.RetentionMessages = 2);
    private readonly EdgeVoice _a;
    private ulong _number;

    public SplitRaceTests()
    {
        _a = _bench.Edge("a-0001");
        _a.Interest(Room);
        _bench.Load();
        _bench.Flush();
    }

    [Fact]
    public void Publish_BeforeTheInterestOfItsEdge_IsInThatEdgesOwnPartition()
    {
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        _bench.Flush();
        EdgeVoice b = _bench.Edge("b-0002");
        b.Speak(Room, 1, "ben");
        List<RelayView> relays = _bench.Flush();
        Assert.Equal((1UL, new Position(1, 1, 1, 2)), Assert.Single(To(relays, b).Places));
        Assert.Empty(relays.Where(relay => relay.To == _a.Address).SelectMany(relay => relay.Messages));
        b.Interest(Room);
        Assert.Equal([new Position(1, 0, 1, 1), new Position(1, 1, 1, 2)], To(_bench.Flush(), b).Opened.Select(top => top.Top));
    }

    [Fact]
    public void Split_StagedWhileAFlushIsUnderWay_IsUnderWayUntilItsOwnFlushIs()
    {
        _a.Speak(Room, 1, "ann");
        _bench.Build();
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        _bench.Core.FlushDone();
        _a.Control(Room, RoomControl.Merge(), ++_number);
        RelayView relay = To(_bench.Flush(), _a);
        Assert.Equal((1UL, ErrorCode.Conflict), Assert.Single(relay.Errors));
        Assert.Equal(1UL, Assert.Single(relay.Rooms).Current.Generation);
        _a.Control(Room, RoomControl.Merge(), ++_number);
        Assert.Empty(To(_bench.Flush(), _a).Errors);
    }

    [Fact]
    public void Merge_AskedForBeforeTheSplitsFlushIsKnownToBeDone_IsDoneNext()
    {
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        _bench.Build();

        // Who has the ack already is faster than the store's answer.
        _a.Control(Room, RoomControl.Merge(), ++_number);
        _bench.Core.FlushDone();
        RelayView relay = To(_bench.Flush(), _a);
        Assert.Empty(relay.Errors);
        Assert.Equal((2UL, SplitMode.Whole), Assert.Single(relay.Rooms) is var room ? (room.Current.Generation, room.Current.Mode) : default);
    }

    [Fact]
    public void Tick_ASwitchIsStagedAndItsLogIsAboveRetention_GoesWithALaterFlush()
    {
        for (ulong number = 1; number <= 4; number++)
        {
            _a.Speak(Room, number, "ann");
        }

        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        _bench.Core.Tick(_bench.Now);
        _bench.Flush();
        Assert.Empty(_bench.LastFlush.Drops);
        _bench.Core.Tick(_bench.Now);
        _bench.Flush();
        Assert.Equal([new LogKey(Room, 0, 0)], _bench.LastFlush.Drops);
    }

    [Fact]
    public void SplitIntoGroups_AnEdgeDiesWhileItsMembersAreCounted_IsNotWaitedForAndTheAskerIsToldIfItIsThere()
    {
        EdgeVoice b = _bench.Edge("b-0002");
        b.Interest(Room);
        _bench.Flush();
        b.Control(Room, RoomControl.SplitIntoGroups(2), 1);
        List<RelayView> asked = _bench.Flush();
        _a.Census(Room, Assert.Single(To(asked, _a).Censuses), ["ann", "ben"]);
        _bench.Now += 60_000;
        _a.Now = _bench.Now;
        _a.Heartbeat();
        _bench.Core.Tick(_bench.Now);
        _bench.Core.TickQuarter(_bench.Now);
        List<RelayView> relays = _bench.Flush();
        Assert.Equal(2, Assert.Single(To(relays, _a).Rooms).Current.Count);
        Assert.DoesNotContain(relays, relay => relay.To == b.Address);

        // The same client over another connection.
        _a.Control(Room, RoomControl.SplitIntoGroups(2), 1);
        Assert.Equal(new Position(0, 0, 1, 1), Assert.Single(To(_bench.Flush(), _a).Places).At);
    }

    [Fact]
    public void SplitIntoGroups_RightAfterATakeOver_WaitsForEdgesThatHaveNotSaidYetWhoIsThere()
    {
        _a.Speak(Room, 1, "ann");
        _bench.Flush();
        _bench.Own(2);
        EdgeVoice b = _bench.Edge("b-0002");
        b.Control(Room, RoomControl.SplitIntoGroups(2), 1);
        _bench.Load();
        Assert.Empty(To(_bench.Pass(1500, b), b).Errors);
        EdgeVoice c = _bench.Edge("c-0003");
        c.Interest(Room);
        c.Census(Room, Assert.Single(To(_bench.Flush(), c).Censuses), ["ann", "ben"]);
        List<RelayView> relays = _bench.Pass(1000, b, c);
        Assert.Equal(2, Assert.Single(relays.Where(relay => relay.To == c.Address).SelectMany(relay => relay.Rooms)).Current.Count);
        Assert.Equal(1UL, Assert.Single(relays.Where(relay => relay.To == b.Address).SelectMany(relay => relay.Places)).Number);
    }

    [Fact]
    public void SplitIntoGroups_AnEdgeComesWhileMembersAreCounted_IsCountedToo()
    {
        _a.Control(Room, RoomControl.SplitIntoGroups(2), ++_number);
        ulong ticket = Assert.Single(To(_bench.Flush(), _a).Censuses);
        EdgeVoice b = _bench.Edge("b-0002");
        b.Interest(Room);
        Assert.Equal(ticket, Assert.Single(To(_bench.Flush(), b).Censuses));
        _a.Census(Room, ticket, ["ann"]);
        b.Census(Room, ticket, ["ben"]);
        Assert.Equal(2, Assert.Single(To(_bench.Flush(), b).Rooms).Current.Count);
    }

    [Fact]
    [Trait("Must", "R-SPLIT-8")]
    public void Split_OfAnUnknownMode_IsRefusedAndNothingIsLogged()
    {
        _a.Control(Room, new RoomControl { Verb = ControlVerb.Split, Split = (ControlSplit)4 }, ++_number);
        Assert.Equal((1UL, ErrorCode.BadArgument), Assert.Single(To(_bench.Flush(), _a).Errors));
        Assert.Empty(_bench.Log(Room));
    }

    [Fact]
    [Trait("Must", "R-SET-1")]
    public void Set_OneOfTheSettingsIsOutOfRange_NoneIsSet()
    {
        _a.Control(
            Room,
            RoomControl.Set(new RoomSettingValue(RoomSetting.Frozen, 1), new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 3_600_001)),
            ++_number);
        Assert.Equal((1UL, ErrorCode.BadArgument), Assert.Single(To(_bench.Flush(), _a).Errors));
        _a.Speak(Room, 1, "ann");
        Assert.Empty(To(_bench.Flush(), _a).Errors);
        Assert.Single(_bench.Log(Room));
    }

    public void Dispose() => _bench.Dispose();

    private static RelayView To(List<RelayView> relays, EdgeVoice edge) => Assert.Single(relays, relay => relay.To == edge.Address);
}
