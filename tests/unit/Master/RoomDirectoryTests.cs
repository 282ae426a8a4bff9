using RelayServer.Master.Queries;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>The list of created rooms, and who makes room in it.</summary>
public sealed class RoomDirectoryTests
{
    private readonly RoomDirectory _directory = new(3);

    [Fact]
    [Trait("Must", "R-QUERY-3")]
    public void After_AnyName_GoesOnInTheOrderOfTheNames()
    {
        Note("b");
        Note("a");
        Note("c");
        Assert.Equal(["a", "b", "c"], Names(""));
        Assert.Equal(["b", "c"], Names("a"));
        Assert.Equal(["b", "c"], Names("aa"));
        Assert.Empty(Names("c"));
    }

    [Fact]
    [Trait("Must", "R-QUERY-3")]
    public void After_OneState_HasTheRoomsThatAreInItNow()
    {
        Note("b");
        Note("a");
        Note("c", BroadcastState.Scheduled);
        Assert.Equal(["a", "b"], Names("", BroadcastState.Live));
        Assert.Equal(["b"], Names("a", BroadcastState.Live));
        Note("a", BroadcastState.Ended, endedAt: 5, version: 2);
        Assert.Equal(["b"], Names("", BroadcastState.Live));
        Assert.Equal(["a"], Names("", BroadcastState.Ended));
        Note("d");
        Assert.Empty(Names("", BroadcastState.Ended));
        Assert.Equal(["b", "d"], Names("", BroadcastState.Live));
        Assert.Empty(Names("", BroadcastState.Open));
        _directory.Clear();
        Assert.Empty(Names("", BroadcastState.Live));
    }

    [Fact]
    public void Note_OlderVersion_ChangesNothing()
    {
        Note("a", BroadcastState.Ended, endedAt: 5, version: 3);
        Note("a", BroadcastState.Live, version: 2);
        Assert.Equal(BroadcastState.Ended, Assert.Single(_directory.After("")).State);
        Note("a", BroadcastState.Ended, endedAt: 6, version: 3);
        Assert.Equal(6UL, Assert.Single(_directory.After("")).EndedAtMilliseconds);
    }

    [Fact]
    public void Note_Full_TheOneThatEndedFirstMakesRoom()
    {
        Note("a", BroadcastState.Ended, endedAt: 9);
        Note("b", BroadcastState.Ended, endedAt: 5);
        Note("c");
        Note("d");
        Assert.Equal(["a", "c", "d"], Names(""));
        Note("e");
        Assert.Equal(["c", "d", "e"], Names(""));
        Note("f");
        Assert.Equal(["c", "d", "e"], Names(""));

        // One that is listed already can still change.
        Note("c", BroadcastState.Ended, endedAt: 7, version: 2);
        Note("g", BroadcastState.Ended, endedAt: 6);
        Assert.Equal(["c", "d", "e"], Names(""));
        Note("h", BroadcastState.Ended, endedAt: 8);
        Assert.Equal(["d", "e", "h"], Names(""));
    }

    [Fact]
    public void Of_RoomThatNobodyCreated_IsNotListed()
    {
        Assert.Null(ListedRoom.Of("open", new RoomState()));
        _directory.Note(new ListedRoom("a", "olga", "", BroadcastState.Live, 0, 0, 1));
        _directory.Clear();
        Assert.Equal(0, _directory.Count);
        Assert.Empty(Names(""));
    }

    [Fact]
    public void CountUnended_RoomsComeEndAndMakeRoom_CountsWhatIsListedAndNotEnded()
    {
        Note("a");
        Note("b");
        Note("b", version: 2);
        Note("c", owner: "max");
        Assert.Equal((2, 1, 0), (_directory.CountUnended("olga"), _directory.CountUnended("max"), _directory.CountUnended("ann")));
        Note("a", BroadcastState.Ended, endedAt: 5, version: 2);
        Assert.Equal(1, _directory.CountUnended("olga"));
        Note("d", owner: "max");
        Assert.Equal((1, 2), (_directory.CountUnended("olga"), _directory.CountUnended("max")));
        _directory.Clear();
        Assert.Equal(0, _directory.CountUnended("max"));
    }

    private void Note(string name, BroadcastState state = BroadcastState.Live, ulong endedAt = 0, ulong version = 1, string owner = "olga") =>
        _directory.Note(new ListedRoom(name, owner, "", state, 0, endedAt, version));

    private string[] Names(string after, BroadcastState? state = null) => [.. _directory.After(after, state).Select(room => room.Name)];
}
