using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Edge;

/// <summary>A room divided by edges: each edge follows its own partition, and members may come from another's.</summary>
public sealed class EdgePartitionTests : IDisposable
{
    private readonly SplitBench _room = new("east-0a1b2c");

    [Fact]
    public void Switch_ByEdges_MembersGoToTheirEdgesPartition()
    {
        EdgeSession session = _room.Join();
        _room.Answer();
        _room.Switch(Partitioning.ByEdges(1, ["west", "east"]));
        _room.Say(1);
        _room.PutState();
        _room.Send();
        Assert.Equal("joined 0/0/0, 0/0/1!, →1/1/0, 1/1/1!, 1/1/2", _room.Story(session));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-7")]
    public void Resume_FromAnotherEdgesPartition_GoesOnInTheOwnFromTheSameMoment()
    {
        Divide();
        _room.Say(0, 3);
        _room.Say(1, 2);
        _room.Lose();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(1, 0, 1, 2));
        _room.Answer();
        _room.Say(0, 5);
        _room.Lose();
        _room.Say(1);
        _room.Send();
        _room.Run();
        Assert.Equal("joined 1/0/2, 1/0/3, 1/0/4, →1/1/3, 1/1/4", _room.Story(session));
        Assert.Single(_room.Effects.Live);
    }

    [Fact]
    public void Resume_FromAnotherEdgesPartitionWithEverything_GoesOnInTheOwn()
    {
        Divide();
        _room.Say(0, 3);
        _room.Lose();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(1, 0, 1, 4));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 1/0/4, →1/1/1", _room.Story(session));
    }

    [Fact]
    public void Resume_OpenRoom_WaitsForTopsThatAreNotOlderThanThePosition()
    {
        Divide();
        _room.Join("bob");
        _room.Answer();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(1, 0, 1, 3));
        _room.Answer();
        Assert.Empty(_room.Story(session));
        _room.Say(0, 2);
        _room.Say(1, 2);
        _room.Lose();
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 1/0/3, →1/1/3", _room.Story(session));
    }

    [Fact]
    public void Resume_PositionNeverCame_IsToldThatItWasLost()
    {
        Divide();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(1, 0, 1, 9));
        _room.Answer();
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 1/0/9, HistoryDiverged 1/1/1", _room.Story(session));
    }

    [Fact]
    public void Join_EdgeWithoutAPartition_WaitsUntilItHasOne()
    {
        _room.Switch(Partitioning.ByEdges(1, ["west"]));
        _room.Lose();
        EdgeSession session = _room.Join();
        _room.Answer();
        Assert.Empty(_room.Story(session));
        _room.AddEdge("east");
        _room.Bench.Core.Tick(_room.Bench.Now);
        _room.Answer();
        _room.Say(1);
        _room.Send();
        Assert.Equal("joined 1/1/0, 1/1/1", _room.Story(session));
    }

    [Fact]
    public void Switch_EdgeWithoutAPartition_MembersWaitForItAtTheEnd()
    {
        EdgeSession session = _room.Join();
        _room.Answer();
        _room.Switch(Partitioning.ByEdges(1, ["west"]));
        _room.PutState();
        _room.Send();
        Assert.Equal("joined 0/0/0, 0/0/1!", _room.Story(session));
        Assert.Empty(_room.Effects.Live);
        _room.AddEdge("east");
        _room.Answer();
        _room.Say(1);
        _room.Send();
        _room.Run();
        Assert.Equal("joined 0/0/0, 0/0/1!, →1/0/0, 1/0/1!, →1/1/0, 1/1/1", _room.Story(session));
    }

    [Fact]
    [Trait("Must", "R-SPLIT-3")]
    public void Relay_OfAnotherEdgesPartition_IsIgnored()
    {
        Divide();
        EdgeSession session = _room.Join();
        _room.Answer();
        _room.Say(0, 2);
        _room.Send();
        Assert.Equal("joined 1/1/1", _room.Story(session));
        Assert.Single(_room.Effects.Live.First().Feed.Room.Feeds);
    }

    [Fact]
    public void Resume_PastEdgesGenerationAtAnEdgeThatWasNoPart_ReadsOneOfThem()
    {
        _room.Switch(Partitioning.ByEdges(1, ["west", "south"]));
        _room.Say(0, 2);
        _room.Say(1, 2);
        _room.Switch(Partitioning.Whole(2));
        _room.Lose();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(0, 0, 1, 0));
        _room.Answer();
        _room.Run();
        uint partition = (uint)MemberBucket.Of("alice"u8) % 2;
        Assert.Equal(
            $"joined 0/0/0, 0/0/1!, →1/{partition}/0, 1/{partition}/1!, 1/{partition}/2, 1/{partition}/3, 1/{partition}/4!, →2/0/0, 2/0/1!",
            _room.Story(session));
    }

    public void Dispose() => _room.Dispose();

    private void Divide()
    {
        _room.Switch(Partitioning.ByEdges(1, ["west", "east"]));
        _room.Lose();
    }
}
