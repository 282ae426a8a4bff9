using RelayServer.Edge.Rooms;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Edge;

/// <summary>Splits and merges while members are there: each moves at exactly that message, wherever it stands.</summary>
public sealed class SwitchTests : IDisposable
{
    private readonly SplitBench _room = new();

    private RecordingEffects Effects => _room.Effects;

    [Fact]
    [Trait("Must", "R-SPLIT-2")]
    [Trait("Must", "R-SPLIT-3")]
    public void Switch_LiveMembers_MoveAtTheMessageEachToItsGroup()
    {
        EdgeSession left = JoinOpen(SplitBench.UserOf(0, 2));
        EdgeSession right = JoinOpen(SplitBench.UserOf(1, 2));
        _room.Say(0, 2);
        _room.Switch(SplitBench.Groups(1, 2));
        _room.PutState();
        _room.Send();
        _room.Say(0);
        _room.Say(1, 2);
        _room.Send();
        Assert.Equal("joined 0/0/0, 0/0/1, 0/0/2, 0/0/3!, →1/0/0, 1/0/1!, 1/0/2", _room.Story(left));
        Assert.Equal("joined 0/0/0, 0/0/1, 0/0/2, 0/0/3!, →1/1/0, 1/1/1!, 1/1/2, 1/1/3", _room.Story(right));
        Assert.Empty(Effects.Reads);
        Assert.Equal(2, Effects.Live.Count);
        Assert.All(Effects.Live, member => Assert.Equal(1UL, member.Feed.Log.Generation));
    }

    [Fact]
    public void Switch_SplitAndMergeInOneRelay_NothingIsLostOrKept()
    {
        EdgeSession session = JoinOpen();
        _room.Switch(SplitBench.Groups(1, 4));
        _room.Say(0);
        _room.Switch(Partitioning.Whole(2));
        _room.Say(0);
        _room.PutState();
        _room.Send();
        _room.Run();
        uint group = SplitBench.Groups(1, 4).PartitionOf("alice"u8, "east");
        string own = group == 0 ? "1/0/1!, 1/0/2, 1/0/3!" : $"1/{group}/1!, 1/{group}/2!";
        Assert.Equal($"joined 0/0/0, 0/0/1!, →1/{group}/0, {own}, →2/0/0, 2/0/1!, 2/0/2", _room.Story(session));
        Assert.Equal([new LogKey("room", 2, 0)], Feeds().Select(feed => feed.Log));
    }

    [Fact]
    public void Switch_NextGenerationComesBeforeTheEnd_WaitsForThoseWhoCome()
    {
        EdgeSession session = JoinOpen();
        _room.Switch(Partitioning.Whole(1));
        _room.Lose();
        _room.Say(0);
        _room.Lose();
        _room.PutTop(RelayKind.Top, new Position(0, 0, 1, 1));
        _room.Send();
        Assert.Equal(LogReadKind.Repair, Assert.Single(Effects.Reads).Kind);
        _room.Say(0);
        _room.Send();
        _room.Run();
        Assert.Equal("joined 0/0/0, 0/0/1!, →1/0/0, 1/0/1!, 1/0/2, 1/0/3", _room.Story(session));
        Assert.Single(Effects.Live);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("top")]
    [InlineData("deliver")]
    [InlineData("opened")]
    public void Switch_TheRelayWithItIsLost_IsFoundByWhatFollows(string sign)
    {
        EdgeSession session = JoinOpen();
        _room.Say(0, 3, isLost: true);
        _room.Switch(SplitBench.Groups(1, 2), isLost: true);
        uint group = _room.Current.PartitionOf("alice"u8, "east");
        _room.Say(group, isLost: sign != "deliver");
        switch (sign)
        {
            case "state":
                _room.PutState();
                break;
            case "top":
                _room.PutTop(RelayKind.Top, _room.Top(1, group));
                break;
            case "opened":
                _room.Answer();
                break;
        }

        _room.Send();
        _room.Run();
        Assert.Equal($"joined 0/0/0, 0/0/1, 0/0/2, 0/0/3, 0/0/4!, →1/{group}/0, 1/{group}/1!, 1/{group}/2", _room.Story(session));
        Assert.Single(Effects.Live);
        Assert.All(Feeds(), feed => Assert.Equal(1UL, feed.Log.Generation));
    }

    [Fact]
    public void Switch_TwoPartitionsEndAtDifferentTimes_EachMemberMovesWithItsOwn()
    {
        _room.Switch(SplitBench.Groups(1, 2));
        _room.Lose();
        EdgeSession left = JoinOpen(SplitBench.UserOf(0, 2));
        EdgeSession right = JoinOpen(SplitBench.UserOf(1, 2));
        _room.Say(1, 3, isLost: true);
        _room.Switch(Partitioning.Whole(2), isLost: true);
        _room.PutTop(RelayKind.Top, _room.Top(2, 0));
        _room.Send();
        Assert.Equal(2, Effects.Reads.Count);
        Answer(Effects.Reads.Single(read => read.Log.Partition == 0));
        Assert.Equal("joined 1/0/1, 1/0/2!, →2/0/0, 2/0/1!", _room.Story(left));
        Assert.Equal("joined 1/1/1", _room.Story(right));
        _room.Say(0);
        _room.Send();
        _room.Run();
        Assert.Equal("joined 1/0/1, 1/0/2!, →2/0/0, 2/0/1!, 2/0/2", _room.Story(left));
        Assert.Equal("joined 1/1/1, 1/1/2, 1/1/3, 1/1/4, 1/1/5!, →2/0/0, 2/0/1!, 2/0/2", _room.Story(right));
        Assert.Equal([2UL], Feeds().Select(feed => feed.Log.Generation));
    }

    [Fact]
    public void Switch_MemberIsCatchingUp_WalksThroughThreeGenerations()
    {
        _room.Say(0, 4);
        _room.Lose();
        EdgeSession late = _room.Join("alice", JoinStart.Resume, position: new Position(0, 0, 1, 0));
        _room.Answer();
        EdgeSession live = _room.Join(SplitBench.UserOf(0, 2));
        _room.Switch(SplitBench.Groups(1, 2));
        _room.Say(0, 2);
        _room.Say(1, 2);
        _room.Switch(Partitioning.Whole(2));
        _room.Say(0, 2);
        _room.Switch(SplitBench.Groups(3, 3));
        _room.PutState();
        _room.Send();
        _room.Run();
        uint second = SplitBench.Groups(1, 2).PartitionOf("alice"u8, "east");
        uint last = SplitBench.Groups(3, 3).PartitionOf("alice"u8, "east");
        Assert.Equal(
            $"joined 0/0/0, 0/0/1, 0/0/2, 0/0/3, 0/0/4, 0/0/5!, →1/{second}/0, 1/{second}/1!, 1/{second}/2, 1/{second}/3, 1/{second}/4!, "
            + $"→2/0/0, 2/0/1!, 2/0/2, 2/0/3, 2/0/4!, →3/{last}/0, 3/{last}/1!",
            _room.Story(late));
        Assert.Equal(2, Effects.Live.Count);
        Assert.Contains((3UL, late.Id), Effects.Live.Select(member => (member.Feed.Log.Generation, member.Session)));
        Assert.EndsWith("/1!", _room.Story(live), StringComparison.Ordinal);
        Assert.All(Feeds(), feed => Assert.Equal(3UL, feed.Log.Generation));
    }

    [Fact]
    public void Leave_InTheMiddleOfAMove_NothingIsLeft()
    {
        EdgeSession session = JoinOpen();
        EdgeSession other = JoinOpen("bob");
        _room.Say(0, isLost: true);
        _room.Switch(Partitioning.Whole(1), isLost: true);
        _room.PutState();
        _room.Send();
        _room.Bench.Leave(session, SplitBench.Room);
        _room.Run();
        Assert.EndsWith("Left", _room.Story(session), StringComparison.Ordinal);
        Assert.Equal([other.Id], Effects.Live.Select(member => member.Session));
        _room.Bench.Core.SessionClosed(other, _room.Bench.Now);
        Assert.Empty(Effects.Live);
        Assert.Equal((0, 0), (_room.Bench.Core.ChannelCount, _room.Bench.Core.MembershipCount));
        Assert.Equal(0, _room.Bench.Core.RecentBytes);
    }

    [Fact]
    public void Switch_WithoutAnythingInMemory_MembersShareOneRead()
    {
        using var room = new SplitBench(configure: options => options.RecentChannelBytesMax = 0);
        EdgeSession[] sessions = [.. Enumerable.Range(0, 50).Select(number => room.Join($"user-{number}"))];
        room.Answer();
        room.Switch(Partitioning.Whole(1), isLost: true);
        room.Say(0, isLost: true);
        room.PutState();
        room.PutTop(RelayKind.Top, room.Top(1, 0));
        room.Send();
        room.Run();
        Assert.All(sessions, session => Assert.Equal("joined 0/0/0, 0/0/1!, →1/0/0, 1/0/1!, 1/0/2", room.Story(session)));
        Assert.InRange(room.Effects.Reads.Count, 1, 4);
    }

    [Fact]
    public void Relay_ForAGenerationThatHasEnded_IsIgnored()
    {
        EdgeSession session = JoinOpen();
        _room.Switch(Partitioning.Whole(1));
        _room.PutState();
        _room.Send();
        string before = _room.Story(session);
        _room.Bench.Deliver(SplitBench.Room, 1, 2, 2);
        _room.PutTop(RelayKind.Top, new Position(0, 0, 1, 2));
        _room.Send();
        Assert.Equal(before, _room.Story(session));
        Assert.Empty(Effects.Reads);
    }

    [Fact]
    public void Relay_PartitionWithoutMembers_IsFollowedWithoutBeingKept()
    {
        _room.Switch(SplitBench.Groups(1, 2));
        _room.Lose();
        JoinOpen(SplitBench.UserOf(0, 2));
        _room.Say(1, 5);
        _room.Send();
        Assert.Equal(0, _room.Bench.Core.RecentBytes);
        _room.Say(1, 5, isLost: true);
        _room.Say(1);
        _room.Send();
        Assert.Empty(Effects.Reads);
        EdgeSession late = _room.Join(SplitBench.UserOf(1, 2));
        _room.Say(1);
        _room.Send();
        Assert.Equal("joined 1/1/12, 1/1/13", _room.Story(late));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void StoreLost_ASplitThatMembersSaw_TheyGoBackAndAreTold(ulong kept)
    {
        if (kept > 0)
        {
            _room.Switch(Partitioning.Whole(1));
            _room.Lose();
        }

        EdgeSession session = JoinOpen();
        RoomState before = _room.SaveState();
        _room.Switch(SplitBench.Groups(kept + 1, 2));
        _room.PutState();
        _room.Send();
        _room.LoseTail(before, (int)kept);
        _room.Send();
        _room.Answer();
        _room.Say(0);
        _room.Send();
        _room.Run();
        Assert.EndsWith($"HistoryDiverged {kept}/0/{kept}, {kept}/0/{kept + 1}", _room.Story(session), StringComparison.Ordinal);
        _room.Switch(Partitioning.Whole(kept + 1));
        _room.PutState();
        _room.Send();
        _room.Run();
        Assert.EndsWith($"→{kept + 1}/0/0, {kept + 1}/0/1!", _room.Story(session), StringComparison.Ordinal);
        Assert.Single(Effects.Live);
    }

    [Fact]
    public void StoreLost_AnotherSplitInItsPlace_MembersBeginInThatOne()
    {
        EdgeSession session = JoinOpen();
        RoomState before = _room.SaveState();
        _room.Switch(SplitBench.Groups(1, 2));
        _room.PutState();
        _room.Send();
        _room.LoseTail(before, 0);
        _room.Switch(Partitioning.Whole(1));
        _room.Lose();
        _room.Send();
        _room.Answer();
        _room.Say(0);
        _room.Send();
        _room.Run();
        Assert.EndsWith("HistoryDiverged 1/0/1, 1/0/2", _room.Story(session), StringComparison.Ordinal);
        Assert.Equal([new LogKey("room", 1, 0)], Feeds().Select(feed => feed.Log));
    }

    [Fact]
    public void Room_OlderThanWhatTheLogHasTold_ChangesNothing()
    {
        EdgeSession session = JoinOpen();
        _room.Switch(Partitioning.Whole(1), isLost: true);
        RoomState stale = _room.SaveState();
        _room.Switch(Partitioning.Whole(2), isLost: true);
        _room.PutTop(RelayKind.Top, _room.Top(2, 0));
        _room.Send();
        _room.Run();
        _room.Bench.Relay(new RelayRecord { Kind = RelayKind.Room, Channel = "room"u8, Body = stale.Encode() });
        _room.Say(0);
        _room.Send();
        Assert.Equal("joined 0/0/0, 0/0/1!, →1/0/0, 1/0/1!, 1/0/2!, →2/0/0, 2/0/1!, 2/0/2", _room.Story(session));
    }

    [Fact]
    [Trait("Must", "R-DCAP-1")]
    public void Relay_SkippedMessages_AreToldWhereTheyWere()
    {
        EdgeSession session = JoinOpen();
        _room.PutSkipped(0, 3, 4);
        _room.PutSkipped(0, 6, 7);
        _room.Say(0, 2);
        _room.Say(0, 2, isLost: true);
        _room.Say(0);
        _room.Say(0, 2, isLost: true);
        _room.Send();
        Assert.Equal("joined 0/0/0, 0/0/1, 0/0/2, Skipped 0/0/4, 0/0/5, Skipped 0/0/7", _room.Story(session));
        Assert.Empty(Effects.Reads);
    }

    [Fact]
    [Trait("Must", "R-DCAP-1")]
    public void Relay_SkippedBehindAHole_IsReadFromTheLog()
    {
        EdgeSession session = JoinOpen();
        _room.Say(0, 2, isLost: true);
        _room.PutSkipped(0, 3, 4);
        _room.Say(0, 2, isLost: true);
        _room.Send();
        _room.Run();
        Assert.Equal("joined 0/0/0, 0/0/1, 0/0/2, 0/0/3, 0/0/4", _room.Story(session));
    }

    public void Dispose() => _room.Dispose();

    private EdgeSession JoinOpen(string user = "alice")
    {
        EdgeSession session = _room.Join(user);
        if (_room.Story(session).Length == 0)
        {
            _room.Answer();
        }

        return session;
    }

    private void Answer(LogRead read)
    {
        List<LogRead> others = [.. Effects.Reads.Where(other => other != read)];
        Effects.Reads.Clear();
        Effects.Reads.Add(read);
        _room.Run();
        Effects.Reads.AddRange(others);
    }

    private IEnumerable<PartitionFeed> Feeds() => Effects.Live.Select(member => member.Feed.Room).First().Feeds;
}
