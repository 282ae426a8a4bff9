using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Services;

/// <summary>What a service is told of the room in which it is called.</summary>
public sealed class CommandRoomTests : IDisposable
{
    private const string Room = ServiceBench.Room;

    private readonly ServiceBench _bench = new();

    [Fact]
    [Trait("Must", "R-CMD-10")]
    public void Command_ByWhoMayNotReactInTheRoom_TheServiceIsNotToldOfIt()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        Assert.Equal(Room, Give("alice", number: 1).Channel);

        _bench.Change(Room, RoomControl.Mute("alice", 60));
        (ulong ticket, string channel) = Give("alice", number: 2);
        Assert.Equal("", channel);
        _bench.Services.Return("news", Bodies.Return(ticket, "This.", ReturnStatus.Done));
        _bench.Settle();
        Assert.Equal((ErrorCode.None, "This."), _bench.Outcome());
        Assert.Equal(Room, Give("bob", number: 3).Channel);
    }

    [Fact]
    [Trait("Must", "R-CMD-10")]
    public void Command_WhereMessagesWaitAndReactionsDoNot_TheServiceIsToldOfTheRoom()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        _bench.Change(Room, RoomControl.Set(RoomSetting.Frozen, 1));

        Assert.Equal(Room, Give("alice", number: 1).Channel);
    }

    public void Dispose() => _bench.Dispose();

    private (ulong Ticket, string Channel) Give(string user, ulong number)
    {
        _bench.Users.Command(Bodies.Command("news", "latest", [], Room, "", number), user);
        _bench.Settle();
        var call = _bench.Call();
        return (call.Ticket, call.Channel);
    }
}
