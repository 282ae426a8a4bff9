using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Simulation;

namespace RelayServer.UnitTests.Edge;

/// <summary>What an edge tells owners about the members of their rooms, and what it counts for them.</summary>
public sealed class PresenceTests : IDisposable
{
    private readonly SplitBench _room = new();

    [Fact]
    [Trait("Must", "R-COUNT-1")]
    public void Presence_MembersComeAndGo_ToldAtMostTwiceASecond()
    {
        EdgeSession alice = _room.Join("alice");
        _room.Answer();
        Settle();
        Assert.Equal(["Presence 0 [ 1 ] alice"], Told("Presence"));
        _room.Join("bob");
        _room.Join("bob");
        Settle();
        Assert.Single(Told("Presence"));
        _room.Bench.Now += 500;
        Settle();
        Assert.Equal("Presence 0 [ 3 ] alice bob", Told("Presence")[^1]);
        _room.Bench.Leave(alice, SplitBench.Room);
        _room.Bench.Now += 500;
        Settle();
        Assert.Equal("Presence 0 [ 2 ] bob", Told("Presence")[^1]);
    }

    [Fact]
    public void Presence_RoomIsSplit_ToldByPartition()
    {
        _room.Join(SplitBench.UserOf(0, 2));
        _room.Answer();
        _room.Join(SplitBench.UserOf(1, 2));
        _room.Join(SplitBench.UserOf(1, 2, 1));
        _room.Switch(SplitBench.Groups(1, 2));
        _room.PutState();
        _room.Bench.Now += 1000;
        _room.Send();
        Settle();
        Assert.StartsWith("Presence 1 [ 1 2 ] ", Told("Presence")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Presence_ManyMembers_AreNotNamed()
    {
        _room.Join("user-0");
        _room.Answer();
        for (int i = 1; i <= ProtocolLimits.MemberNamesMax; i++)
        {
            _room.Join($"user-{i}");
        }

        _room.Bench.Now += 1000;
        Settle();
        Assert.Equal($"Presence 0 [ {ProtocolLimits.MemberNamesMax + 1} ] nobody named", Told("Presence")[^1]);
    }

    [Fact]
    public void Presence_InterestIsRepeated_ToldAgain()
    {
        _room.Join("alice");
        _room.Answer();
        Settle();
        _room.Bench.Link++;
        _room.Send();
        _room.Bench.Now += 500;
        Settle();
        Assert.Equal(["Presence 0 [ 1 ] alice", "Presence 0 [ 1 ] alice"], Told("Presence"));
    }

    [Fact]
    public void Census_OfARoom_IsAnsweredWithItsMembersByBucket()
    {
        _room.Join("alice");
        _room.Answer();
        _room.Join("alice");
        _room.Join("bob");
        _room.Bench.Relay(new RelayRecord { Kind = RelayKind.Census, Channel = "room"u8, Ticket = 42 });
        Settle();
        (int Bucket, int Members)[] expected = [(MemberBucket.Of("alice"u8), 2), (MemberBucket.Of("bob"u8), 1)];
        string buckets = string.Join(' ', expected.OrderBy(pair => pair.Bucket).Select(pair => $"{pair.Bucket}:{pair.Members}"));
        Assert.Equal([$"Census 42 {buckets}"], Told("Census"));
    }

    [Fact]
    public void Presence_Observer_CountsOnceWhereItBelongs()
    {
        _room.Join(SplitBench.UserOf(1, 2));
        _room.Switch(SplitBench.Groups(1, 2));
        _room.Lose();
        _room.Observe();
        _room.Answer();
        Settle();
        string counts = MemberBucket.Of("boss"u8) % 2 == 0 ? "[ 1 1 ]" : "[ 0 2 ]";
        Assert.StartsWith($"Presence 1 {counts} ", Assert.Single(Told("Presence")), StringComparison.Ordinal);
    }

    [Fact]
    public void Presence_RoomIsDividedByEdges_AllAreInTheOneOfThisEdge()
    {
        _room.Switch(Partitioning.ByEdges(1, ["west", "east"]));
        _room.Lose();
        _room.Join("alice");
        _room.Join("bob");
        _room.Answer();
        Settle();
        Assert.Equal(["Presence 1 [ 0 2 ] alice bob"], Told("Presence"));
    }

    [Fact]
    public void Presence_EdgeHasNoPartitionYet_TheTotalIsRight()
    {
        _room.Join("alice");
        _room.Answer();
        _room.Switch(Partitioning.ByEdges(1, ["west"]));
        _room.PutState();
        _room.Send();
        Settle();
        Assert.Equal("Presence 1 [ 1 ] alice", Told("Presence")[^1]);
    }

    [Fact]
    public void Presence_JoinIsNotAnsweredYet_ItIsNoMember()
    {
        EdgeSession alice = _room.Join("alice");
        Settle();
        Assert.Empty(Told("Presence"));
        _room.Answer();
        _room.Join("bob", JoinStart.Resume, position: new Position(0, 0, 1, 5));
        Settle();
        Assert.Equal(["Presence 0 [ 1 ] alice"], Told("Presence"));
        _room.Bench.Leave(alice, SplitBench.Room);
        _room.Bench.Now += 500;
        Settle();
        Assert.Equal("Presence 0 [ 0 ]", Told("Presence")[^1].TrimEnd());
    }

    [Fact]
    public void Presence_LastMemberLeaves_TheInterestEndsAndThatIsAll()
    {
        EdgeSession alice = _room.Join("alice");
        _room.Answer();
        Settle();
        _room.Bench.Leave(alice, SplitBench.Room);
        _room.Bench.Now += 500;
        Settle();
        Assert.Single(Told("Presence"));
        Assert.Single(Told("Disinterest"));
    }

    [Fact]
    public void Presence_NothingChanges_NothingIsTold()
    {
        _room.Join("alice");
        _room.Answer();
        for (int quarter = 0; quarter < 40; quarter++)
        {
            Settle();
            _room.Bench.Now += 250;
        }

        Assert.Single(Told("Presence"));
        Assert.Equal(1, _room.Bench.Counters.PresenceReports);
    }

    [Fact]
    public void Presence_ChangesAllTheTime_TwiceASecondAlsoWhenTheClockIsNotExact()
    {
        _room.Join("alice");
        _room.Answer();
        _room.Bench.Now += 1000;
        for (int quarter = 0; quarter < 40; quarter++)
        {
            _room.Join($"user-{quarter}");
            _room.Bench.Now += quarter % 2 == 0 ? 245UL : 255UL;
            Settle();
        }

        Assert.InRange(Told("Presence").Count, 20, 21);
    }

    [Fact]
    public void Presence_MastersAreBehind_WaitsUntilTheyHaveTaken()
    {
        using var bench = new EdgeBench(options =>
            (options.UpstreamBytesMax, options.ChannelsPerSessionMax, options.JoinsPerSecondMax) = (64 * 1024, 500, 0));
        bench.OwnSlots();
        bench.CompleteAll();
        string[] rooms = [.. Enumerable.Range(0, 500).Select(i => $"a-room-with-a-rather-long-name-that-takes-some-space-{i}")];
        EdgeSession[] sessions = [.. Enumerable.Range(0, 10).Select(i => bench.SignIn($"a-user-with-a-long-name-{i}"))];
        foreach (string room in rooms)
        {
            Assert.All(sessions, session => bench.Join(session, room));
            bench.Opened(room, 1, 0);
            bench.CompleteAll();
        }

        int quarters = 0;
        for (; bench.Counters.PresenceReports < rooms.Length && quarters < 1000; quarters++)
        {
            bench.Core.TickQuarter(bench.Now);
            Assert.InRange(bench.Core.HeldBytes, 0, 20 * 1024);
            bench.CompleteAll();
        }

        Assert.InRange(quarters, 2, 100);
        Assert.Equal(rooms.Length, Presences(bench).Distinct().Count());
    }

    [Fact]
    public void Presence_VeryManyRoomsAtOnce_TheRestWaitsForTheNextQuarter()
    {
        const int Rooms = 600;
        const int Members = 250;
        using var bench = new EdgeBench(options => (options.ChannelsPerSessionMax, options.JoinsPerSecondMax) = (Rooms, 0));
        bench.OwnSlots();
        bench.CompleteAll();
        EdgeSession[] sessions = [.. Enumerable.Range(0, Members).Select(i => bench.SignIn($"user-{i}"))];
        for (int room = 0; room < Rooms; room++)
        {
            foreach (EdgeSession session in sessions)
            {
                bench.Join(session, $"room-{room}");
            }

            bench.Opened($"room-{room}", 1, 0);
        }

        bench.Core.TickQuarter(bench.Now);
        Assert.InRange(
            bench.Counters.PresenceReports, 1, (RelayServer.Edge.Rooms.PresenceReports.MembersPerTickMax / Members) + 1);
        bench.Core.TickQuarter(bench.Now);
        Assert.Equal(Rooms, bench.Counters.PresenceReports);
    }

    [Fact]
    public void Census_RoomThatIsNotHere_HasNobody()
    {
        _room.Send();
        Census("elsewhere");
        Assert.Equal(["Census 42"], Told("Census"));
    }

    [Fact]
    public void Census_JoinsThatWait_AreNotCountedButObserversAre()
    {
        _room.Join("alice");
        _room.Answer();
        _room.Observe();
        _room.Answer();
        _room.Join("bob", JoinStart.Resume, position: new Position(0, 0, 1, 5));
        Census(SplitBench.Room);
        int[] buckets = [MemberBucket.Of("alice"u8), MemberBucket.Of("boss"u8)];
        Assert.Equal([$"Census 42 {string.Join(' ', buckets.Order().Select(bucket => $"{bucket}:1"))}"], Told("Census"));
    }

    [Fact]
    public void Census_NotByTheOwner_IsNotAnswered()
    {
        _room.Join("alice");
        _room.Answer();
        _room.Bench.Core.SlotsChanged([], _room.Bench.Now);
        Census(SplitBench.Room);
        Assert.Empty(Told("Census"));
    }

    [Fact]
    [Trait("Must", "R-CAP-4")]
    [Trait("Must", "R-CTRL-3")]
    public void Publish_Control_NeedsNoMembershipAndCarriesTheRole()
    {
        _room.Bench.Capabilities = Capabilities.Rooms;
        _room.Send();
        EdgeSession boss = _room.SignIn("boss", Role.Operator);
        _room.Bench.Core.Frames(boss, ClientFrames.Control(3, "room", 7, 1, RoomControl.Merge().Encode()), _room.Bench.Now);
        Settle();
        Assert.Equal(["Publish boss role 6"], Told("Publish"));
        Assert.Empty(_room.Story(boss));
        _room.Bench.Capabilities = Capabilities.None;
        EdgeSession old = _room.SignIn("old");
        _room.Bench.Core.Frames(old, ClientFrames.Control(3, "room", 7, 1, RoomControl.Merge().Encode()), _room.Bench.Now);
        Assert.Equal([(old.Id, ErrorCode.MalformedBody)], _room.Effects.Closed);
    }

    public void Dispose() => _room.Dispose();

    private List<string> Told(string kind) => [.. UpstreamRecords.Of(_room.Effects.Upstream).Where(record => record.StartsWith(kind, StringComparison.Ordinal))];

    // The master has what was sent, so that what has gathered goes.
    private void Settle()
    {
        _room.Bench.Core.TickQuarter(_room.Bench.Now);
        _room.Bench.ReceiveAll();
    }

    private void Census(string room)
    {
        _room.Bench.Relay(new RelayRecord { Kind = RelayKind.Census, Channel = System.Text.Encoding.UTF8.GetBytes(room), Ticket = 42 });
        Settle();
    }

    private static IEnumerable<string> Presences(EdgeBench bench)
    {
        foreach (byte[] message in bench.Effects.Upstream)
        {
            var reader = new MessagePackReader(message);
            UpstreamHeader.Read(ref reader);
            var names = new List<string>();
            while (reader.RemainingBytes > 0)
            {
                UpstreamRecord record = UpstreamRecord.Read(ref reader, message);
                if (record.Kind == UpstreamKind.Presence)
                {
                    names.Add(System.Text.Encoding.UTF8.GetString(record.Channel));
                }
            }

            foreach (string name in names)
            {
                yield return name;
            }
        }
    }
}
