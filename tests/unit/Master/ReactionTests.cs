using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Hearts of a whole room, summed and told a few times a second.</summary>
public sealed class ReactionTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;
    private readonly EdgeVoice _b;

    public ReactionTests()
    {
        _a = _bench.Edge("a-0001");
        _b = _bench.Edge("b-0002");
        _a.Interest(Room);
        _b.Interest(Room);
        _bench.Load();
        _bench.Flush();
    }

    [Fact]
    [Trait("Must", "R-REACT-1")]
    public void React_AtSeveralEdges_SumsGoToAll()
    {
        _a.React(Room, (0, 10), (3, 1));
        _b.React(Room, (0, 5));
        _a.React(Room, (31, uint.MaxValue), (31, 7));
        List<RelayView> told = _bench.Pass(250, _a, _b);
        Assert.Equal([(0, 15), (3, 1), (31, uint.MaxValue)], Assert.Single(To(told, _a)));
        Assert.Equal([(0, 15), (3, 1), (31, uint.MaxValue)], Assert.Single(To(told, _b)));
        Assert.Empty(To(_bench.Pass(1000, _a, _b), _a));
        Assert.Empty(_bench.Log(Room));
    }

    [Fact]
    [Trait("Must", "R-REACT-1")]
    [Trait("Must", "R-REACT-2")]
    public void React_OneMillionInAMinute_FewerThan300PushesAndNoneIsLost()
    {
        List<RelayView> told = [];
        for (int i = 0; i < 240; i++)
        {
            _a.React(Room, (0, 2000));
            _b.React(Room, (0, 2000));
            _bench.Core.TickQuarter(_bench.Now + 1);
            told.AddRange(_bench.Pass(250, _a, _b));
        }

        told.AddRange(_bench.Pass(500, _a, _b));
        List<(byte Reaction, uint Count)[]> sums = To(told, _b);
        Assert.InRange(sums.Count, 200, 241);
        Assert.Equal(960_000L, sums.Sum(sum => Assert.Single(sum).Count));
    }

    [Fact]
    public void React_SplitRoom_SumsGoToEveryPartition()
    {
        _a.Control(Room, RoomControl.SplitByEdges(), 1);
        _bench.Flush();
        _a.React(Room, (1, 1));
        List<RelayView> told = _bench.Pass(250, _a, _b);
        Assert.Equal([(1, 1U)], Assert.Single(To(told, _b)));
        Assert.Equal([(1, 1U)], Assert.Single(To(told, _a)));
    }

    [Fact]
    public void React_OfAnEdgeThatIsNotInterestedOrOfNoRoomOrNothing_IsNotTaken()
    {
        EdgeVoice c = _bench.Edge("c-0003");
        c.React(Room, (0, 1));
        c.React("nowhere", (0, 1));
        _a.React(Room);
        _a.React(Room, (0, 0));
        Assert.Empty(To(_bench.Pass(1000, _a, _b, c), _a));
        Assert.Equal(1, _bench.Core.ChannelCount);
    }

    public void Dispose() => _bench.Dispose();

    private static List<(byte Reaction, uint Count)[]> To(List<RelayView> relays, EdgeVoice edge) =>
        [.. relays.Where(relay => relay.To == edge.Address).SelectMany(relay => relay.Reactions).Select(told => told.Sums)];
}
