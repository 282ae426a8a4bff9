using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Edge;

/// <summary>JOINs of a room that has been split: where they begin, and that what lies between is walked through.</summary>
public sealed class SplitJoinTests : IDisposable
{
    private readonly SplitBench _room = new();

    [Fact]
    [Trait("Must", "R-SPLIT-5")]
    public void Resume_FromAnOlderGeneration_WalksToThePresent()
    {
        Split();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(0, 0, 1, 1));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 0/0/1, 0/0/2, 0/0/3!, →1/0/0, 1/0/1!, 1/0/2, 1/0/3!, →2/0/0, 2/0/1!, 2/0/2", _room.Story(session));
        Assert.Single(_room.Effects.Live);
    }

    [Theory]
    [InlineData(0, 3, "joined 0/0/3, →1/0/0, 1/0/1!, 1/0/2, 1/0/3!, →2/0/0, 2/0/1!, 2/0/2")]
    [InlineData(1, 0, "joined 1/0/0, 1/0/1!, 1/0/2, 1/0/3!, →2/0/0, 2/0/1!, 2/0/2")]
    [InlineData(1, 3, "joined 1/0/3, →2/0/0, 2/0/1!, 2/0/2")]
    [InlineData(2, 0, "joined 2/0/0, 2/0/1!, 2/0/2")]
    [InlineData(2, 2, "joined 2/0/2")]
    [Trait("Must", "R-SPLIT-5")]
    public void Resume_FromABeginningOrEnd_IsExact(ulong generation, ulong seq, string story)
    {
        Split();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(generation, 0, 1, seq));
        _room.Answer();
        _room.Run();
        Assert.Equal(story, _room.Story(session));
        Assert.Single(_room.Effects.Live);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(99)]
    public void Resume_FromABeginningToldWithAnotherEpoch_IsNoGap(ulong epoch)
    {
        Split();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(2, 0, epoch, 0));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 2/0/0, 2/0/1!, 2/0/2", _room.Story(session));
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(3, 0, 1, 1)]
    [InlineData(7, 9, 0, 0)]
    [Trait("Must", "R-SPLIT-6")]
    public void Resume_FromWhereNobodyWas_IsBadPosition(ulong generation, uint partition, ulong epoch, ulong seq)
    {
        Split();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(generation, partition, epoch, seq));
        for (int answers = 0; answers < 3; answers++)
        {
            _room.Answer();
        }

        Assert.Equal("BadPosition", _room.Story(session));
        Assert.Equal((0, 0), (_room.Bench.Core.MembershipCount, _room.Bench.Core.ChannelCount));
    }

    [Fact]
    public void Resume_FromAGenerationThisEdgeHasNotHeardOf_AsksTheOwner()
    {
        EdgeSession first = _room.Join("bob");
        _room.Answer();
        _room.Switch(Partitioning.Whole(1), isLost: true);
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(1, 0, 1, 1));
        Assert.Empty(_room.Story(session));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 1/0/1", _room.Story(session));
        Assert.Equal("joined 0/0/0, 0/0/1!, →1/0/0, 1/0/1!", _room.Story(first));
    }

    [Fact]
    public void Resume_FromAHistoryThatTheStoreLost_IsToldSo()
    {
        Split();
        _room.Bench.OwnSlots(epoch: 5);
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(3, 0, 4, 7));
        _room.Answer();
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 3/0/7, HistoryDiverged 2/0/2", _room.Story(session));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-6")]
    public void Resume_FromAGenerationThatIsGone_GapToTheOldest()
    {
        for (ulong generation = 1; generation <= RoomLimits.GenerationsMax + 2; generation++)
        {
            _room.Switch(Partitioning.Whole(generation));
        }

        _room.Lose();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(1, 0, 1, 1));
        _room.Answer();
        _room.Run();
        Assert.StartsWith("joined 1/0/1, Trimmed 3/0/0, 3/0/1!, 3/0/2!, →4/0/0, ", _room.Story(session), StringComparison.Ordinal);
        Assert.EndsWith("→34/0/0, 34/0/1!", _room.Story(session), StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_LogOfAnOlderGenerationIsGoneMeanwhile_GapToTheNext()
    {
        Split();
        _room.DropLog(1, 0);
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(0, 0, 1, 2));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 0/0/2, 0/0/3!, →1/0/0, Trimmed 2/0/0, 2/0/1!, 2/0/2", _room.Story(session));
    }

    [Fact]
    public void Resume_FromTheStart_ReadsAllThatIsThere()
    {
        Split();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: Position.Start);
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 0/0/0, 0/0/1, 0/0/2, 0/0/3!, →1/0/0, 1/0/1!, 1/0/2, 1/0/3!, →2/0/0, 2/0/1!, 2/0/2", _room.Story(session));
    }

    [Theory]
    [InlineData(1, "joined 2/0/1, 2/0/2")]
    [InlineData(2, "joined 2/0/0, 2/0/1!, 2/0/2")]
    [InlineData(3, "joined 1/0/2, 1/0/3!, →2/0/0, 2/0/1!, 2/0/2")]
    [InlineData(5, "joined 1/0/0, 1/0/1!, 1/0/2, 1/0/3!, →2/0/0, 2/0/1!, 2/0/2")]
    [InlineData(7, "joined 0/0/1, 0/0/2, 0/0/3!, →1/0/0, 1/0/1!, 1/0/2, 1/0/3!, →2/0/0, 2/0/1!, 2/0/2")]
    [InlineData(100, "joined 0/0/0, 0/0/1, 0/0/2, 0/0/3!, →1/0/0, 1/0/1!, 1/0/2, 1/0/3!, →2/0/0, 2/0/1!, 2/0/2")]
    public void Join_LastMessages_WalksBackOverGenerations(uint last, string story)
    {
        Split();
        EdgeSession session = _room.Join("alice", JoinStart.LastMessages, last);
        _room.Answer();
        _room.Run();
        Assert.Equal(story, _room.Story(session));
        Assert.Single(_room.Effects.Live);
    }

    [Fact]
    public void Join_Live_BeginsInTheMembersPartition()
    {
        _room.Switch(SplitBench.Groups(1, 4));
        _room.Say(2, 3);
        _room.Lose();
        EdgeSession session = _room.Join(SplitBench.UserOf(2, 4));
        _room.Answer();
        _room.Say(2);
        _room.Say(3);
        _room.Send();
        Assert.Equal("joined 1/2/4, 1/2/5", _room.Story(session));
        Assert.Empty(_room.Effects.Reads);
    }

    [Fact]
    [Trait("Must", "R-SPLIT-5")]
    public void Resume_AtTheEndOfALogThatIsNotKnownToBeOver_GoesOnInTheNext()
    {
        _room.Switch(SplitBench.Groups(1, 2));
        _room.Lose();
        _room.Join(SplitBench.UserOf(1, 2));
        _room.Answer();
        _room.Switch(Partitioning.Whole(2));
        _room.Lose();

        // Nobody read the first group here, so its feed went to the top that was told last: behind the split.
        Position end = _room.Top(1, 0);
        _room.PutTop(RelayKind.Top, end);
        _room.Send();
        EdgeSession session = _room.Join(SplitBench.UserOf(0, 2), JoinStart.Resume, position: end);
        Assert.Equal("joined 1/0/2", _room.Story(session));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 1/0/2, →2/0/0, 2/0/1!", _room.Story(session));
    }

    [Fact]
    [Trait("Must", "R-JOIN-5")]
    public void Join_LastMessagesWhileTheRoomMovesOnToWhereThisEdgeHasNoPlaceYet_TellsATopThatIsNotBefore()
    {
        _room.Say(0, 2);
        _room.Switch(Partitioning.Whole(1));
        _room.Lose();
        EdgeSession session = _room.Join("alice", JoinStart.LastMessages, 2);
        _room.Answer();
        _room.Switch(Partitioning.ByEdges(2, ["west"]));
        _room.PutState();
        _room.Send();
        _room.Run();
        JoinedBody.TryDecode(_room.Effects.Received[session.Id][0].Body, out JoinedBody joined);
        Assert.Equal((new Position(0, 0, 1, 2), new Position(0, 0, 1, 3)), (joined.From, joined.Top));
    }

    public void Dispose() => _room.Dispose();

    // Whole, then two groups of which alice is in the first, then whole again.
    private void Split()
    {
        var map = new byte[MemberBucket.Count];
        Array.Fill(map, (byte)1);
        map[MemberBucket.Of("alice"u8)] = 0;
        _room.Say(0, 2);
        _room.Switch(Partitioning.ByGroups(1, 2, map));
        _room.Say(0);
        _room.Say(1, 5);
        _room.Switch(Partitioning.Whole(2));
        _room.Say(0);
        _room.Lose();
    }
}
