using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>How many are in a room, and who comes and goes, as the master puts it together and tells it.</summary>
public sealed class PresenceTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;
    private readonly EdgeVoice _b;

    public PresenceTests()
    {
        _a = _bench.Edge("a-0001");
        _b = _bench.Edge("b-0002");
        _a.Interest(Room);
        _b.Interest(Room);
        _bench.Load();
        _bench.Flush();
    }

    [Fact]
    [Trait("Must", "R-COUNT-1")]
    public void Counts_MembersAtTwoEdges_AreSummedAndToldToBothWithinASecond()
    {
        _a.Presence(Room, 0, [3], "ann", "amy", "abe");
        _b.Presence(Room, 0, [2], "ben", "bob");
        List<RelayView> told = _bench.Pass(1000, _a, _b);

        Assert.Equal([(Room, 5U, 0UL)], CountsTo(told, _a));
        Assert.Equal([(Room, 5U, 0UL)], CountsTo(told, _b));
        Assert.Equal([5U], told.SelectMany(relay => relay.Counts).First().Partitions);
    }

    [Fact]
    public void Counts_NothingChanges_AreToldOnce()
    {
        _a.Presence(Room, 0, [1], "ann");
        _bench.Pass(2000, _a, _b);
        _a.Presence(Room, 0, [1], "ann");
        Assert.Empty(CountsTo(_bench.Pass(5000, _a, _b), _a));
    }

    [Fact]
    [Trait("Must", "R-COUNT-1")]
    public void Counts_ChangeAllTheTime_AreToldOnceASecondAndTheLastOneIsRight()
    {
        List<RelayView> told = [];
        for (uint members = 1; members <= 40; members++)
        {
            _a.Presence(Room, 0, [members], null);
            told.AddRange(_bench.Pass(250, _a, _b));
        }

        told.AddRange(_bench.Pass(1000, _a, _b));
        Assert.InRange(CountsTo(told, _a).Count, 10, 11);
        Assert.Equal(40U, CountsTo(told, _a)[^1].Total);
    }

    [Fact]
    public void Counts_EveryoneLeaves_TellsNobodyLeftAndFreesTheTable()
    {
        _a.Presence(Room, 0, [1], "ann");
        _bench.Pass(1000, _a, _b);
        _a.Presence(Room, 0, [0]);
        Assert.Equal(0U, CountsTo(_bench.Pass(1000, _a, _b), _b)[^1].Total);
        _bench.Pass(3000, _a, _b);
        _a.Query(QueryKind.Members, Room);
        Assert.Equal(0U, MembersTotal(_bench.Flush()));

        // An edge that asks anew is told nothing of a room that nobody is in.
        _b.Interest(Room);
        Assert.Empty(_bench.Flush().SelectMany(relay => relay.Counts));
    }

    [Fact]
    public void Counts_SplitRoom_AreByPartitionOfTheNewGeneration()
    {
        _a.Presence(Room, 0, [3], null);
        _b.Presence(Room, 0, [2], null);
        _a.Control(Room, RoomControl.SplitByEdges(), 1);
        _bench.Flush();
        _a.Presence(Room, 1, [3, 0], null);
        _b.Presence(Room, 1, [0, 2], null);
        (string _, uint total, ulong generation, uint[] partitions) = _bench.Pass(2000, _a, _b).SelectMany(relay => relay.Counts).Last();
        Assert.Equal((5U, 1UL), (total, generation));
        Assert.Equal([3U, 2U], partitions);
    }

    [Fact]
    [Trait("Must", "R-COUNT-2")]
    public void Counts_EdgeKilled_AreRightWithinFiveSecondsAndAgainWhenItWasOnlySilent()
    {
        _a.Presence(Room, 0, [3], null);
        _b.Presence(Room, 0, [2], null);
        _bench.Pass(1000, _a, _b);

        Assert.Equal(3U, CountsTo(_bench.Pass(4750, _a), _a)[^1].Total);
        _b.Now = _bench.Now;
        _b.Heartbeat();
        Assert.Equal(5U, CountsTo(_bench.Pass(1250, _a, _b), _a)[^1].Total);
    }

    [Fact]
    public void Counts_MasterHearsNobody_NoEdgeIsLeftOut()
    {
        _a.Presence(Room, 0, [3], null);
        _b.Presence(Room, 0, [2], null);
        _bench.Pass(1000, _a, _b);

        // Shorter than it takes to forget an edge, longer than it takes to call it silent.
        Assert.Empty(_bench.Pass(8000).SelectMany(relay => relay.Counts));
        _a.Now = _b.Now = _bench.Now;
        _a.Heartbeat();
        Assert.Empty(_bench.Pass(500).SelectMany(relay => relay.Counts));
        _b.Heartbeat();
        Assert.Empty(_bench.Pass(2000, _a, _b).SelectMany(relay => relay.Counts));
    }

    [Fact]
    public void Counts_EdgeLosesInterestOrIsForgotten_ItsMembersGoWithIt()
    {
        _a.Presence(Room, 0, [3], null);
        _b.Presence(Room, 0, [2], null);
        _bench.Pass(1000, _a, _b);
        _b.Disinterest(Room);
        Assert.Equal(3U, CountsTo(_bench.Pass(1000, _a, _b), _a)[^1].Total);

        _b.Interest(Room);
        _b.Presence(Room, 0, [2], null);
        Assert.Equal(5U, CountsTo(_bench.Pass(2000, _a, _b), _a)[^1].Total);
        _bench.Pass(12_000, _a);
        Assert.Equal(1, _bench.Core.EdgeCount);
        _a.Query(QueryKind.Members, Room);
        Assert.Equal(3U, MembersTotal(_bench.Flush()));
    }

    [Fact]
    public void Presence_OfAnEdgeThatIsNotInterestedOrOfNoRoom_IsNotTaken()
    {
        EdgeVoice c = _bench.Edge("c-0003");
        c.Presence(Room, 0, [7], null);
        c.Presence("nowhere", 0, [7], null);
        Assert.Empty(_bench.Pass(2000, _a, _b, c).SelectMany(relay => relay.Counts));
        Assert.Equal(1, _bench.Core.ChannelCount);
    }

    [Fact]
    public void Interest_Again_IsAnsweredWithTheCounts()
    {
        _a.Presence(Room, 0, [3], null);
        _bench.Pass(1000, _a, _b);
        _b.Interest(Room);
        Assert.Equal([(Room, 3U, 0UL)], CountsTo(_bench.Flush(), _b));
    }

    [Fact]
    [Trait("Must", "R-PRES-1")]
    public void Notices_SmallRoom_SayWhoCameAndWent()
    {
        Settle();
        _a.Presence(Room, 0, [1], "ann");
        Assert.Empty(_bench.Pass(1000, _a, _b).SelectMany(relay => relay.Notices));
        _a.Presence(Room, 0, [2], "ann", "amy");
        _b.Presence(Room, 0, [1], "ben");
        List<RelayView> told = _bench.Pass(1000, _a, _b);
        Assert.Equal([(0U, true, "amy"), (0U, true, "ben")], told.Where(relay => relay.To == _b.Address).SelectMany(relay => relay.Notices));
        _a.Presence(Room, 0, [1], "amy");
        told = _bench.Pass(1000, _a, _b);
        Assert.Equal([(0U, false, "ann")], told.Where(relay => relay.To == _b.Address).SelectMany(relay => relay.Notices));
    }

    [Fact]
    public void Notices_MemberMovesToAnotherEdge_SayNothing()
    {
        Settle();
        _a.Presence(Room, 0, [2], "ann", "amy");
        _bench.Pass(1000, _a, _b);
        _b.Presence(Room, 0, [1], "ann");
        _a.Presence(Room, 0, [1], "amy");
        Assert.Empty(_bench.Pass(1000, _a, _b).SelectMany(relay => relay.Notices));
    }

    [Fact]
    public void Notices_AfterAClaim_NobodyComesByBeingToldAnew()
    {
        _a.Presence(Room, 0, [1], "ann");
        _bench.Pass(1000, _a, _b);
        _b.Presence(Room, 0, [1], "ben");
        Assert.Empty(_bench.Pass(6000, _a, _b).SelectMany(relay => relay.Notices));
        _b.Presence(Room, 0, [2], "ben", "bob");
        Assert.Equal((0U, true, "bob"), _bench.Pass(1000, _a, _b).SelectMany(relay => relay.Notices).First());
    }

    [Fact]
    public void Notices_SplitRoom_GoToEveryPartition()
    {
        Settle();
        _a.Control(Room, RoomControl.SplitByEdges(), 1);
        _a.Presence(Room, 1, [1, 0], "ann");
        _bench.Pass(1000, _a, _b);
        _a.Presence(Room, 1, [2, 0], "ann", "amy");
        List<RelayView> told = _bench.Pass(1000, _a, _b);
        Assert.Equal([(0U, true, "amy")], told.Where(relay => relay.To == _a.Address).SelectMany(relay => relay.Notices));
        Assert.Equal([(1U, true, "amy")], told.Where(relay => relay.To == _b.Address).SelectMany(relay => relay.Notices));
    }

    [Theory]
    [InlineData(50, 51, false)]
    [InlineData(50, 50, true)]
    [InlineData(0, 2, false)]
    [Trait("Must", "R-PRES-2")]
    public void Notices_RoomOfASize_AreToldUpToTheSetting(int membersMax, int members, bool areTold)
    {
        Settle();
        _a.Control(Room, RoomControl.Set(RoomSetting.NoticesMembersMax, (ulong)membersMax), 1);
        string[] names = [.. Enumerable.Range(0, members).Select(i => $"user-{i}")];
        _a.Presence(Room, 0, [(uint)members - 1], names[1..]);
        _bench.Pass(1000, _a, _b);
        _a.Presence(Room, 0, [(uint)members], names);
        List<RelayView> told = _bench.Pass(1000, _a, _b);
        Assert.Equal(areTold ? ["user-0"] : [], told.Where(relay => relay.To == _b.Address).SelectMany(relay => relay.Notices).Select(notice => notice.User));
    }

    [Fact]
    public void Notices_MoreThanASecondMayHave_AreNotTold()
    {
        Settle();
        const int Rooms = 30;
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"user-{i}")];
        for (int room = 0; room < Rooms; room++)
        {
            _a.Interest($"room-{room}");
            _bench.Load();
            _a.Presence($"room-{room}", 0, [1], "ann");
        }

        _bench.Pass(2000, _a, _b);
        for (int room = 0; room < Rooms; room++)
        {
            _a.Presence($"room-{room}", 0, [(uint)names.Length], names);
        }

        Assert.Equal(1000, _bench.Pass(1000, _a, _b).Sum(relay => relay.Notices.Count));
    }

    public void Dispose() => _bench.Dispose();

    private void Settle() => _bench.Pass(6000, _a, _b);

    private static List<(string Channel, uint Total, ulong Generation)> CountsTo(List<RelayView> relays, EdgeVoice edge) =>
        [.. relays.Where(relay => relay.To == edge.Address).SelectMany(relay => relay.Counts).Select(counts => (counts.Channel, counts.Total, counts.Generation))];

    private static uint MembersTotal(List<RelayView> relays)
    {
        byte[] answer = Assert.Single(relays.SelectMany(relay => relay.Answers)).Body;
        Assert.Equal(DecodeStatus.Ok, MembersBody.TryDecode(answer, out MembersBody members));
        return members.Total;
    }
}
