using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Who may make a room his own that is there already.</summary>
public sealed class RoomCreationTests : IDisposable
{
    private const string Room = "room";
    private const int RoomsPerOwnerMax = 3;
    private const int RoomsPerServiceMax = 5;
    private readonly MasterBench _bench = new(options => (options.RoomsPerOwnerMax, options.RoomsPerServiceMax) = (RoomsPerOwnerMax, RoomsPerServiceMax));
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

    [Fact]
    public void Create_AsManyAsOneMayHave_RefusedUntilOneHasEnded()
    {
        Role[] roles = [Role.Member, Role.Member, Role.Member, Role.Member, Role.Service, Role.Operator];
        for (int i = 0; i < roles.Length; i++)
        {
            _edge.Control($"room-{i}", RoomControl.Create("Sale"), (ulong)i + 1, user: "olga", role: roles[i]);
        }

        _edge.Control("room-0", RoomControl.Create("Sale"), 1, user: "max", role: Role.Member, producerId: 9, session: 9);
        _edge.Control("another", RoomControl.Create("Sale"), 2, user: "max", role: Role.Member, producerId: 9);
        _bench.Load();
        Assert.Equal([(1UL, ErrorCode.Conflict), (9UL, ErrorCode.Conflict)], Relay().Errors.Order());
        Assert.False(_bench.IsSaved("room-3"));

        for (int i = 0; i < roles.Length; i++)
        {
            if (i != RoomsPerOwnerMax)
            {
                _edge.Control($"room-{i}", RoomControl.End(), (ulong)i + 11, user: "olga", role: Role.Member);
            }
        }

        _edge.Control("room-3", RoomControl.Create("Sale"), 21, user: "olga", role: Role.Member);
        _bench.Load();
        Assert.Empty(Relay().Errors);
        Assert.True(_bench.IsSaved("room-3"));
    }

    [Fact]
    public void Create_AsManyAsAServiceMayHave_RefusedUntilOneHasEnded()
    {
        _edge.Service = "shop";
        for (ulong i = 1; i <= RoomsPerServiceMax + 1; i++)
        {
            _edge.Control($"room-{i}", RoomControl.Create("Deal"), i, user: "shop", role: Role.Service);
        }

        _bench.Load();
        Assert.Equal([ErrorCode.Conflict], Relay().Errors.Select(error => error.Code));
        _edge.Control("room-1", RoomControl.End(), 11, user: "shop", role: Role.Service);
        _edge.Control($"room-{RoomsPerServiceMax + 1}", RoomControl.Create("Deal"), 12, user: "shop", role: Role.Service);
        _bench.Load();
        Assert.Empty(Relay().Errors);
        Assert.True(_bench.IsSaved($"room-{RoomsPerServiceMax + 1}"));
    }

    [Theory]
    [InlineData(Role.Member, "", true)]
    [InlineData(Role.Service, "shop", true)]
    [InlineData(Role.Service, "", false)]
    [InlineData(Role.Operator, "", false)]
    public void Create_NoRoomOnTheListAndNoneHasEnded_RefusedToWhoIsNotTrusted(Role role, string service, bool isRefused)
    {
        using var bench = new MasterBench(options => options.RoomsListedMax = 2);
        EdgeVoice edge = bench.Edge("a-0001");
        edge.Service = service;
        for (ulong i = 1; i <= 3; i++)
        {
            edge.Control($"room-{i}", RoomControl.Create("Sale"), i, session: i, user: $"user-{i}", role: role);
        }

        bench.Load();
        Assert.Equal(isRefused ? [(3UL, ErrorCode.Conflict)] : [], Assert.Single(bench.Flush()).Errors);
    }

    public void Dispose() => _bench.Dispose();

    private RelayView Relay() => Assert.Single(_bench.Flush());
}
