using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Splits and merges as the master makes them: one flush, exact places, nothing across, nothing twice.</summary>
public sealed class SplitTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;
    private readonly EdgeVoice _b;
    private ulong _number;

    public SplitTests()
    {
        _a = _bench.Edge("a-0001");
        _b = _bench.Edge("b-0002");
        _a.Interest(Room);
        _b.Interest(Room);
        _bench.Load();
        _bench.Flush();
    }

    [Fact]
    public void SplitByEdges_RoomWithTwo_LastAndFirstMessagesSaySoAndEachEdgeGetsItsOwn()
    {
        _a.Speak(Room, 1, "ann");
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        _a.Speak(Room, 2, "ann");
        _b.Speak(Room, 1, "ben");
        List<RelayView> relays = _bench.Flush();

        Assert.Equal(
            [(0UL, 0U, 1UL, MessageKind.Text, 1UL), (0UL, 0U, 2UL, MessageKind.Split, 1UL), (1UL, 0U, 1UL, MessageKind.Split, 0UL), (1UL, 0U, 2UL, MessageKind.Text, 2UL)],
            To(relays, _a).Messages);
        Assert.Equal(
            [(0UL, 0U, 1UL, MessageKind.Text, 1UL), (0UL, 0U, 2UL, MessageKind.Split, 1UL), (1UL, 1U, 1UL, MessageKind.Split, 0UL), (1UL, 1U, 2UL, MessageKind.Text, 1UL)],
            To(relays, _b).Messages);
        Assert.Contains((1UL, new Position(0, 0, 1, 2)), To(relays, _a).Places);
        Assert.Contains((1UL, new Position(1, 1, 1, 2)), To(relays, _b).Places);
        Assert.Equal(["a", "b"], Assert.Single(To(relays, _b).Rooms).Current.Edges);
    }

    [Fact]
    [Trait("Must", "R-SPLIT-4")]
    public void SplitIntoGroups_MembersCounted_GroupsAreEvenAndTheSplitIsAckedThen()
    {
        string[] users = [.. Enumerable.Range(0, 1000).Select(i => $"user-{i}")];
        _a.Control(Room, RoomControl.SplitIntoGroups(8), ++_number);
        List<RelayView> asked = _bench.Flush();
        Assert.Empty(To(asked, _a).Acks);
        Assert.Equal(_a.BatchNo - 1, To(asked, _a).Completed);

        _a.Census(Room, Assert.Single(To(asked, _a).Censuses), users[..600]);
        _b.Census(Room, Assert.Single(To(asked, _b).Censuses), users[600..]);
        List<RelayView> split = _bench.Flush();

        Assert.Equal((_number, new Position(0, 0, 1, 1)), Assert.Single(To(split, _a).Places));
        Partitioning division = Assert.Single(To(split, _a).Rooms).Current;
        int[] sizes = [.. users.CountBy(user => division.PartitionOf(System.Text.Encoding.UTF8.GetBytes(user), "a")).Select(group => group.Value)];
        Assert.Equal(8, sizes.Length);
        Assert.True(sizes.Max() <= 1.1 * sizes.Min(), string.Join(' ', sizes));
        Assert.Equal(_a.BatchNo, To(split, _a).Completed);
    }

    [Fact]
    public void SplitIntoGroups_AnEdgeDoesNotAnswer_GoesOnWithoutItAfterHalfASecond()
    {
        _a.Control(Room, RoomControl.SplitIntoGroups(2), ++_number);
        ulong ticket = Assert.Single(To(_bench.Flush(), _a).Censuses);
        _a.Census(Room, ticket, ["ann", "ben", "cem"]);
        _bench.Flush();
        Assert.Empty(_bench.Log(new LogKey(Room, 1, 0)));

        _bench.Now += 500;
        _bench.Core.TickQuarter(_bench.Now);
        _bench.Flush();
        Assert.Single(_bench.Log(new LogKey(Room, 1, 1)));

        // Too late to count, and harmless.
        _b.Census(Room, ticket, ["dee"]);
        _bench.Flush();
        Assert.Empty(_bench.Log(new LogKey(Room, 2, 0)));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-8")]
    public void SplitIntoGroups_MoreThanMembers_IsRefusedAndTheRoomIsAsItWas()
    {
        _a.Control(Room, RoomControl.SplitIntoGroups(4), ++_number);
        List<RelayView> asked = _bench.Flush();
        _a.Census(Room, Assert.Single(To(asked, _a).Censuses), ["ann", "ben", "cem"]);
        _b.Census(Room, Assert.Single(To(asked, _b).Censuses), []);
        Assert.Equal((1UL, ErrorCode.BadArgument), Assert.Single(To(_bench.Flush(), _a).Errors));
        Assert.Empty(_bench.Log(Room));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-8")]
    public void SplitIntoGroups_MoreThanThoseThatAnsweredHave_IsToBeTriedAgain()
    {
        _a.Control(Room, RoomControl.SplitIntoGroups(4), ++_number);
        _a.Census(Room, Assert.Single(To(_bench.Flush(), _a).Censuses), ["ann", "ben", "cem"]);
        _bench.Now += 500;
        _bench.Core.TickQuarter(_bench.Now);
        Assert.Equal((1UL, ErrorCode.Unavailable), Assert.Single(To(_bench.Flush(), _a).Errors));
        Assert.Empty(_bench.Log(Room));
    }

    [Theory]
    [InlineData(0U)]
    [InlineData(1U)]
    [InlineData(129U)]
    [Trait("Must", "R-SPLIT-8")]
    public void SplitIntoGroups_ImpossibleNumber_IsRefused(uint groups)
    {
        _a.Control(Room, RoomControl.SplitIntoGroups(groups), ++_number);
        Assert.Equal((1UL, ErrorCode.BadArgument), Assert.Single(To(_bench.Flush(), _a).Errors));
    }

    [Fact]
    public void Control_OfNoKnownVerb_IsRefused()
    {
        _a.Control(Room, new RoomControl { Verb = (ControlVerb)99 }, ++_number);
        Assert.Equal((1UL, ErrorCode.BadArgument), Assert.Single(To(_bench.Flush(), _a).Errors));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Member)]
    [InlineData(Role.Service)]
    [Trait("Must", "R-ROLE-1")]
    public void Split_RoleNotAllowed_IsForbidden(Role role)
    {
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number, user: "mallory", role: role);
        _a.Control(Room, RoomControl.Merge(), ++_number, user: "mallory", role: role);
        Assert.Equal([ErrorCode.Forbidden, ErrorCode.Forbidden], To(_bench.Flush(), _a).Errors.Select(error => error.Code));
        Assert.Empty(_bench.Log(Room));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-8")]
    public void Split_OfASplitRoomAndMergeOfAMergedOne_IsAConflict()
    {
        _a.Control(Room, RoomControl.Merge(), ++_number);
        Assert.Equal((1UL, ErrorCode.Conflict), Assert.Single(To(_bench.Flush(), _a).Errors));
        SplitByEdges();
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        _b.Control(Room, RoomControl.SplitIntoGroups(2), ++_number);
        List<RelayView> relays = _bench.Flush();
        Assert.Equal((1UL, ErrorCode.Conflict), Assert.Single(To(relays, _a).Errors));
        Assert.Equal((1UL, ErrorCode.Conflict), Assert.Single(To(relays, _b).Errors));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-8")]
    public void Split_TwoOperatorsAtOnce_OneSplitsAndTheOtherIsTold()
    {
        _a.Control(Room, RoomControl.SplitByEdges(), 1, user: "olga");
        _b.Control(Room, RoomControl.Merge(), 1, user: "oscar");
        List<RelayView> relays = _bench.Flush();
        Assert.Single(To(relays, _a).Acks);
        Assert.Equal((1UL, ErrorCode.Conflict), Assert.Single(To(relays, _b).Errors));
        _b.Control(Room, RoomControl.Merge(), 2, user: "oscar");
        Assert.Single(To(_bench.Flush(), _b).Acks);
    }

    [Fact]
    public void Split_SentAgainWhileMembersAreCounted_IsDoneOnceAndAnsweredWhereverItCameFrom()
    {
        _a.Control(Room, RoomControl.SplitIntoGroups(2), 1);
        List<RelayView> asked = _bench.Flush();
        _b.Control(Room, RoomControl.SplitIntoGroups(2), 1, session: 5);
        _bench.Flush();
        _a.Census(Room, Assert.Single(To(asked, _a).Censuses), ["ann", "ben"]);
        _b.Census(Room, Assert.Single(To(asked, _b).Censuses), []);
        List<RelayView> relays = _bench.Flush();
        Assert.Single(To(relays, _a).Acks);
        Assert.Equal(5UL, Assert.Single(To(relays, _b).Acks).Session);
        Assert.Equal(_a.BatchNo, To(relays, _a).Completed);

        _a.Control(Room, RoomControl.SplitIntoGroups(2), 1);
        Assert.Equal(new Position(0, 0, 1, 1), Assert.Single(To(_bench.Flush(), _a).Places).At);
        Assert.Empty(_bench.Log(new LogKey(Room, 2, 0)));
    }

    [Theory]
    [InlineData("shop", Role.Service)]
    [InlineData("mona", Role.Member)]
    [InlineData("hugo", Role.Member)]
    [InlineData("root", Role.Operator)]
    [Trait("Must", "R-CAST-1")]
    public void Publish_OfOneWhoSpeaksToAllInASplitRoom_IsInEveryPartitionOnceAndAckedInTheFirst(string user, Role token)
    {
        _a.Control(Room, RoomControl.Appoint("mona", Role.Moderator), ++_number);
        _a.Control(Room, RoomControl.Appoint("hugo", Role.Host), ++_number);
        SplitByEdges();
        _b.Speak(Room, 1, user, token);
        _b.Speak(Room, 1, user, token);
        List<RelayView> relays = _bench.Flush();
        Assert.Equal((1UL, 0U, 2UL, MessageKind.Text, 1UL), Assert.Single(To(relays, _a).Messages));
        Assert.Equal((1UL, 1U, 2UL, MessageKind.Text, 1UL), Assert.Single(To(relays, _b).Messages));
        Assert.All(To(relays, _b).Places, place => Assert.Equal(new Position(1, 0, 1, 2), place.At));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-1")]
    public void Switch_EveryLog_EndsAndBeginsWithTheSamePayload()
    {
        _a.Speak(Room, 1, "ann");
        _a.Presence(Room, 0, [3], "ann", "amy", "art");
        _b.Presence(Room, 0, [2], "ben", "bea");
        SplitByEdges();
        _a.Speak(Room, 2, "ann");
        _b.Speak(Room, 1, "ben");
        EdgeVoice late = _bench.Edge("c-0003");
        late.Interest(Room);
        Merge();
        _b.Speak(Room, 2, "ben");
        _bench.Flush();

        (MessageKind last, byte[] split) = Entry(new LogKey(Room, 0, 0), ^1);
        Assert.Equal(MessageKind.Split, last);
        Assert.Equal(["a", "b"], SplitNotice.Decode(split)!.To.Edges);
        Assert.Equal([3U, 2], SplitNotice.Decode(split)!.Sizes);
        (last, byte[] merge) = Entry(new LogKey(Room, 2, 0), 0);
        Assert.Equal((MessageKind.Split, SplitMode.Whole), (last, SplitNotice.Decode(merge)!.To.Mode));
        Assert.Equal([5U], SplitNotice.Decode(merge)!.Sizes);
        for (uint partition = 0; partition < 3; partition++)
        {
            var log = new LogKey(Room, 1, partition);
            (MessageKind first, byte[] beginning) = Entry(log, 0);
            Assert.Equal(MessageKind.Split, first);
            if (partition < 2)
            {
                Assert.Equal(split, beginning);
            }
            else
            {
                Assert.Equal(["a", "b", "c"], SplitNotice.Decode(beginning)!.To.Edges);
            }

            (last, byte[] end) = Entry(log, ^1);
            Assert.Equal(MessageKind.Split, last);
            Assert.Equal(merge, end);
        }

        Assert.Equal([2, 3, 3, 2], new (ulong, uint)[] { (0, 0), (1, 0), (1, 1), (1, 2) }.Select(log => _bench.Log(new LogKey(Room, log.Item1, log.Item2)).Count));
    }

    [Fact]
    public void Interest_OfAnEdgeThatJoinsARoomDividedByEdges_GetsAPartitionAndAllTops()
    {
        SplitByEdges();
        EdgeVoice c = _bench.Edge("c-0003");
        c.Interest(Room);
        RelayView opened = To(_bench.Flush(), c);
        Assert.Equal(["a", "b", "c"], Assert.Single(opened.Rooms).Current.Edges);
        Assert.Equal(
            [new Position(1, 0, 1, 1), new Position(1, 1, 1, 1), new Position(1, 2, 1, 1)], opened.Opened.Select(top => top.Top));
        c.Speak(Room, 1, "cem");
        List<RelayView> relays = _bench.Flush();
        Assert.Equal((1UL, 2U, 2UL, MessageKind.Text, 1UL), Assert.Single(To(relays, c).Messages));
        Assert.DoesNotContain(relays, relay => relay.To == _a.Address);
    }

    [Fact]
    public void Interest_ThatObserves_GetsEveryPartition()
    {
        SplitByEdges();
        _a.Interest(Room, observe: true);
        _b.Speak(Room, 1, "ben");
        Assert.Equal((1UL, 1U, 2UL, MessageKind.Text, 1UL), Assert.Single(To(_bench.Flush(), _a).Messages));
        _a.Interest(Room);
        _b.Speak(Room, 2, "ben");
        Assert.Empty(_bench.Flush().Where(relay => relay.To == _a.Address).SelectMany(relay => relay.Messages));
    }

    [Fact]
    public void Own_AfterSplitsAndMerges_GoesOnWhereItWasAndKnowsEveryMessageOfEveryGeneration()
    {
        _a.Speak(Room, 1, "ann");
        SplitByEdges();
        _b.Speak(Room, 1, "ben");
        _bench.Flush();
        Merge();
        SplitByEdges();
        _a.Speak(Room, 2, "ann");
        _bench.Flush();

        _bench.Own(2);
        EdgeVoice c = _bench.Edge("a-0009");
        c.Interest(Room);
        c.Speak(Room, 1, "ann");
        c.Speak(Room, 1, "ben");
        c.Speak(Room, 2, "ann");
        c.Speak(Room, 3, "ann");
        _bench.Load();
        RelayView answer = To(_bench.Flush(), c);
        Assert.Equal(
            [(1UL, new Position(0, 0, 1, 1)), (2UL, new Position(3, 0, 1, 2)), (3UL, new Position(3, 0, 2, 3)), (1UL, new Position(1, 1, 1, 2))],
            answer.Places.OrderBy(place => place.At.Generation == 1).ThenBy(place => place.Number));
        Assert.Equal((3UL, 0U, 3UL, MessageKind.Text, 3UL), Assert.Single(answer.Messages));
    }

    [Fact]
    public void Split_MoreGenerationsThanAreListed_LogsOfTheOldestAreDroppedAndTheirNumbersExpired()
    {
        _a.Speak(Room, 1, "ann");
        for (int i = 0; i < RoomLimits.GenerationsMax / 2; i++)
        {
            SplitByEdges();
            Merge();
        }

        Assert.Contains(new LogKey(Room, 0, 0), _bench.LastFlush.Drops);
        Assert.Empty(_bench.Log(Room));
        _a.Speak(Room, 1, "ann");
        Assert.Equal((1UL, ErrorCode.NumberExpired), Assert.Single(To(_bench.Flush(), _a).Errors));
    }

    public void Dispose() => _bench.Dispose();

    private static RelayView To(List<RelayView> relays, EdgeVoice edge) => Assert.Single(relays, relay => relay.To == edge.Address);

    private (MessageKind Kind, byte[] Payload) Entry(LogKey log, Index index)
    {
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(_bench.Log(log)[index].Body.Span, out DeliverBody body));
        Assert.Equal(1, body.Count);
        DeliverEnumerator messages = body.GetEnumerator();
        Assert.True(messages.MoveNext());
        return (messages.Current.Kind, messages.Current.Payload.ToArray());
    }

    private void SplitByEdges()
    {
        _a.Control(Room, RoomControl.SplitByEdges(), ++_number);
        Assert.Empty(To(_bench.Flush(), _a).Errors);
    }

    private void Merge()
    {
        _a.Control(Room, RoomControl.Merge(), ++_number);
        Assert.Empty(To(_bench.Flush(), _a).Errors);
    }
}
