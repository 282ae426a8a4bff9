using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Edge;

/// <summary>Generations that retention took away while members were still on their way through them.</summary>
public sealed class DroppedGenerationTests : IDisposable
{
    private readonly SplitBench _room = new();

    [Fact]
    public void Room_TheLogOfLiveMembersIsGone_TheyAreToldAndGoOn()
    {
        EdgeSession session = JoinOpen();
        DropFirst(1);
        Assert.Equal("joined 0/0/0, 0/0/1, Trimmed 1/0/0, 1/0/1!, 1/0/2", _room.Story(session));
        Assert.Equal(new Position(0, 0, 1, 1), LastGap(session).After);
        Assert.Equal(1UL, Assert.Single(_room.Effects.Live).Feed.Log.Generation);
    }

    [Fact]
    public void Room_TheLogOfLiveMembersHasLostItsEnd_TheyAreToldAndGoOn()
    {
        EdgeSession session = JoinOpen();
        _room.Switch(Partitioning.Whole(1), isLost: true);
        _room.Say(0, isLost: true);
        _room.DropLog(0, 0);
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 0/0/0, 0/0/1, Trimmed 1/0/0, 1/0/1!, 1/0/2", _room.Story(session));
    }

    [Fact]
    public void Room_TheLogsOfAnObserverAreGone_ItIsToldAndGoesOn()
    {
        _room.Switch(SplitBench.Groups(1, 3));
        _room.Lose();
        EdgeSession boss = _room.Observe();
        _room.Answer();
        EdgeSession member = _room.Join();
        DropFirst(2);
        string story = _room.Story(boss);
        Assert.Contains("joined 1/0/1, →1/1/1, →1/2/1", story, StringComparison.Ordinal);
        Assert.EndsWith("Trimmed 2/0/0, 2/0/1!, 2/0/2", story, StringComparison.Ordinal);
        Assert.EndsWith("Trimmed 2/0/0, 2/0/1!, 2/0/2", _room.Story(member), StringComparison.Ordinal);
        Assert.Equal(2, _room.Effects.Live.Count);
    }

    [Fact]
    public void Resume_TheLogIsGoneAndTheEdgeHasYetToHearOfIt_IsTrimmed()
    {
        _room.Switch(Partitioning.Whole(1));
        _room.Lose();
        _room.DropLog(0, 0);
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(0, 0, 1, 1));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 0/0/1, Trimmed 1/0/0, 1/0/1!", _room.Story(session));
    }

    [Fact]
    public void Resume_FromAnotherEdgesLogThatWasTrimmedBeyondTheMoment_NothingFromBehindIt()
    {
        _room.Switch(Partitioning.ByEdges(1, ["west", "east"]));
        _room.Say(0, 4);
        _room.Say(1);
        _room.Lose();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(1, 0, 1, 2));
        _room.Answer();
        _room.Answer();
        _room.Say(0);
        _room.Say(1);
        _room.Send();
        _room.TrimLog(1, 0, keptEntries: 1);
        _room.Run();
        Assert.Equal("joined 1/0/2, Trimmed 1/0/5, →1/1/2, 1/1/3", _room.Story(session));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-2")]
    public void Switch_LiveMembers_GapSaysWhatTheyHave()
    {
        EdgeSession session = JoinOpen();
        _room.Say(0, 3);
        _room.Switch(Partitioning.Whole(1));
        _room.Send();
        Assert.Equal(new Position(0, 0, 1, 5), LastGap(session).After);
    }

    public void Dispose() => _room.Dispose();

    private EdgeSession JoinOpen()
    {
        EdgeSession session = _room.Join();
        _room.Answer();
        _room.Say(0);
        _room.Send();
        return session;
    }

    // The next generation begins, and all before it goes, while nothing reaches the edge; then the state does.
    private void DropFirst(ulong next)
    {
        int partitions = _room.Current.Count;
        _room.Switch(Partitioning.Whole(next), isLost: true);
        _room.Say(0, isLost: true);
        for (uint partition = 0; partition < partitions; partition++)
        {
            _room.DropLog(next - 1, partition);
        }

        for (ulong generation = 0; generation < next; generation++)
        {
            Assert.True(_room.State.DropOldest());
        }

        _room.Answer();
        _room.Run();
    }

    private (Position After, Position Until) LastGap(EdgeSession session)
    {
        byte[] gap = _room.Effects.Received[session.Id].Last(frame => frame.Type == FrameType.Gap).Body;
        Assert.Equal(DecodeStatus.Ok, GapBody.TryDecode(gap, out GapBody body));
        return (body.After, body.Until);
    }
}
