using RelayServer.Edge.Sessions;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Edge;

/// <summary>
/// Partitions that came to a generation after it began: they lack what all were told before, so that nobody reads them who
/// comes from the generation before; and an observer reads them whether it heard of them in time or not.
/// </summary>
public sealed class LatePartitionTests : IDisposable
{
    private static readonly Partitioning Founding = Partitioning.ByEdges(1, ["west", "north"]);

    private readonly SplitBench _room = new();

    // Where a user reads whose edge was not among the first.
    private static uint First => Founding.PartitionOf("alice"u8, "east");

    [Fact]
    [Trait("Must", "R-SPLIT-7")]
    public void Switch_ToEdgesWithoutThisOne_MemberReadsAnotherUpToTheMomentItsOwnIsThere()
    {
        EdgeSession session = _room.Join();
        _room.Answer();
        _room.Switch(Founding);
        _room.PutState();
        _room.Send();
        _room.Run();
        Assert.Equal("joined 0/0/0, 0/0/1!", _room.Story(session));

        SayToAll();
        AddEast();
        SayToAll();
        _room.Lose();
        _room.Answer();
        _room.Run();
        _room.Say(2);
        _room.Send();
        Assert.Equal($"joined 0/0/0, 0/0/1!, →1/{First}/0, 1/{First}/1!, 1/{First}/2, 1/{First}/3, →1/2/2, 1/2/3", _room.Story(session));
        Assert.Single(_room.Effects.Live);
    }

    [Fact]
    public void Resume_FromBeforeTheGeneration_ReadsAnotherUpToOneMoment()
    {
        LateEast();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(0, 0, 1, 0));
        _room.Answer();
        _room.Run();
        _room.Answer();
        _room.Run();
        Assert.Equal($"joined 0/0/0, 0/0/1!, →1/{First}/0, 1/{First}/1!, 1/{First}/2, 1/{First}/3, →1/2/2", _room.Story(session));
    }

    [Fact]
    public void Resume_WhenTheGenerationIsOver_ReadsAnotherToItsEnd()
    {
        LateEast();
        _room.Switch(Partitioning.Whole(2));
        _room.Lose();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(0, 0, 1, 0));
        _room.Answer();
        _room.Run();
        Assert.Equal(
            $"joined 0/0/0, 0/0/1!, →1/{First}/0, 1/{First}/1!, 1/{First}/2, 1/{First}/3, 1/{First}/4!, →2/0/0, 2/0/1!", _room.Story(session));
    }

    [Fact]
    public void Resume_InAPartitionThatTheEdgeHasYetToHearOf_AsksTheOwner()
    {
        _room.Switch(Partitioning.ByEdges(1, ["east", "west"]));
        _room.Lose();
        _room.Join("bob");
        _room.Answer();
        _room.AddEdge("north");
        _room.Say(2, 2);
        _room.Lose();
        _room.Switch(Partitioning.Whole(2));
        _room.Send();
        _room.Run();
        EdgeSession session = _room.Join("alice", JoinStart.Resume, position: new Position(1, 2, 1, 1));
        Assert.Empty(_room.Story(session));
        _room.Answer();
        _room.Run();
        Assert.Equal("joined 1/2/1, 1/2/2, 1/2/3!, →2/0/0, 2/0/1!", _room.Story(session));
    }

    [Fact]
    public void Switch_BeforeThePartitionWasHeardOf_ObserverReadsItAndThenGoesOn()
    {
        _room.Switch(Founding);
        _room.Lose();
        EdgeSession boss = _room.Observe();
        _room.Answer();
        AddEast();
        _room.Say(2, 2);
        _room.Lose();
        _room.Switch(Partitioning.Whole(2));
        _room.Send();
        _room.Run();
        Assert.Equal(
            "joined 1/0/1, →1/1/1, 1/0/2!, →1/2/0, 1/1/2!, 1/2/1, 1/2/2, 1/2/3, 1/2/4!, →2/0/0, 2/0/1!", _room.Story(boss));
    }

    public void Dispose() => _room.Dispose();

    private void LateEast()
    {
        _room.Switch(Founding);
        SayToAll();
        AddEast();
        SayToAll();
        _room.Lose();
    }

    private void AddEast()
    {
        _room.AddEdge("east");
        _room.Say(2);
    }

    private void SayToAll()
    {
        for (uint partition = 0; partition < _room.Current.Count; partition++)
        {
            _room.Say(partition, from: "boss");
        }
    }
}
