using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Who may make a room his own that is there already.</summary>
public sealed class RoomCreationTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _edge;

    public RoomCreationTests()
    {
        _edge = _bench.Edge("a-0001");
        _edge.Interest(Room);
        _bench.Load();
        _bench.Flush();
    }

    [Fact]
    public void Create_OpenRoomThatNobodySpokeIn_IsDoneForAMember()
    {
        _edge.Control(Room, RoomControl.Create("Sale"), 1, user: "olga", role: Role.Member);
        Assert.Empty(Relay().Errors);
        Assert.Equal(BroadcastState.Scheduled, _bench.Saved(Room).State);
    }

    [Theory]
    [InlineData(Role.Member, false)]
    [InlineData(Role.Service, false)]
    [InlineData(Role.Operator, true)]
    public void Create_OpenRoomThatOthersTalkIn_IsForOperatorsOnly(Role role, bool isDone)
    {
        _edge.Speak(Room, 1, "ann");
        _bench.Flush();
        _edge.Control(Room, RoomControl.Create("Mine"), 1, user: "max", role: role);
        Assert.Equal(isDone ? [] : [ErrorCode.Forbidden], Relay().Errors.Select(error => error.Code));
        Assert.Equal(isDone, _bench.IsSaved(Room));
    }

    public void Dispose() => _bench.Dispose();

    private RelayView Relay() => Assert.Single(_bench.Flush());
}
