using System.Net;
using System.Text;
using RelayServer.Fabric;
using RelayServer.Master.Queries;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Questions about rooms: answered from the memory and the store, refused by role and by bounds.</summary>
public sealed class QueryTests : IDisposable
{
    private const string Room = "room";
    private readonly MasterBench _bench = new(options => options.ChannelsMax = 4);
    private readonly EdgeVoice _a;
    private ulong _number;

    public QueryTests()
    {
        _a = _bench.Edge("a-0001");
        _a.Interest(Room);
        _bench.Load();
        _a.Control(Room, RoomControl.Create("Spring sale", "Shoes"), ++_number, user: "olga", role: Role.Member);
        _bench.Flush();
    }

    [Fact]
    public void Status_RoomInMemory_IsAnsweredAtOnceWithTheAskersRole()
    {
        _a.Presence(Room, 0, [3], "ann", "amy", "olga");
        _a.Query(QueryKind.Status, Room, user: "olga", session: 9, correlation: 77);
        (ulong session, uint correlation, byte[] body) = Assert.Single(Answers());
        Assert.Equal((9UL, 77U), (session, correlation));
        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeAnswer(body, out StatusBody status));
        Assert.Equal("Spring sale"u8, status.Title);
        Assert.Equal((byte)BroadcastState.Scheduled, status.State);
        Assert.Equal((byte)Role.Host, status.Role);
        Assert.Equal(3U, status.MembersTotal);
        Assert.Equal(1, status.Sizes.Count);
    }

    [Fact]
    public void Status_RoomNotInMemory_WaitsForItAndItsBatchIsNotComplete()
    {
        _bench.Own(2);
        EdgeVoice b = _bench.Edge("b-0002");
        b.Query(QueryKind.Status, Room);
        RelayView waiting = Assert.Single(_bench.Flush(), relay => relay.To == b.Address);
        Assert.Empty(waiting.Answers);
        Assert.Equal(b.BatchNo - 1, waiting.Completed);

        _bench.Load();
        RelayView answer = Assert.Single(_bench.Flush(), relay => relay.To == b.Address);
        Assert.Equal(b.BatchNo, answer.Completed);
        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeAnswer(Assert.Single(answer.Answers).Body, out StatusBody status));
        Assert.Equal("Spring sale"u8, status.Title);
    }

    [Fact]
    public void Status_RoomThatNeverWas_IsOpenAndLeavesTheMemoryAgain()
    {
        _a.Query(QueryKind.Status, "nowhere");
        _bench.Load();
        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeAnswer(Assert.Single(Answers()).Body, out StatusBody status));
        Assert.Equal((byte)BroadcastState.Open, status.State);
        Assert.Equal(1, _bench.Core.ChannelCount);
    }

    [Fact]
    public void Status_MoreRoomsThanTheMemoryHas_Overloaded()
    {
        foreach (string room in new[] { "r1", "r2", "r3", "r4" })
        {
            _a.Query(QueryKind.Status, room, correlation: 42);
        }

        Assert.Equal((42U, ErrorCode.Overloaded, 500U, "r4"), Refusal());
    }

    [Fact]
    [Trait("Must", "R-BAN-3")]
    public void QueryAndControl_FromABannedRange_BannedUnlessAnOperator()
    {
        _a.Control(Room, RoomControl.BanAddress("203.0.113.0/24", 60, ""), ++_number);
        _bench.Flush();
        _a.ClientAddress = IPAddress.Parse("203.0.113.7");
        _a.Query(QueryKind.Status, Room);
        Assert.Equal(ErrorCode.Banned, Refusal().Code);
        _a.Query(QueryKind.Members, Room);
        Assert.Equal(ErrorCode.Banned, Refusal().Code);
        _a.Control(Room, RoomControl.Start(), ++_number, user: "olga", role: Role.Member);
        Assert.Equal(ErrorCode.Banned, Refusal().Code);
        _a.Query(QueryKind.Status, Room, user: "root", role: Role.Operator);
        Assert.Single(Answers());
        _a.Control(Room, RoomControl.Start(), ++_number, user: "root");
        Assert.Empty(_bench.Flush().SelectMany(relay => relay.Refusals));
        _a.ClientAddress = IPAddress.Parse("198.51.100.7");
        _a.Query(QueryKind.Status, Room);
        Assert.Single(Answers());
    }

    [Fact]
    public void Members_SmallRoom_HasTheNames()
    {
        _a.Presence(Room, 0, [3], "ann", "amy");
        _a.Query(QueryKind.Members, Room);
        (uint total, string[] names) = Members(Assert.Single(Answers()).Body);
        Assert.Equal(3U, total);
        Assert.Equal(["amy", "ann"], names);
    }

    [Fact]
    public void Members_MoreThanTheSettingOrUnknown_HasTheirNumberOnly()
    {
        _a.Control(Room, RoomControl.Set(RoomSetting.ListMembersMax, 2), ++_number);
        _a.Presence(Room, 0, [3], "ann", "amy", "abe");
        _a.Query(QueryKind.Members, Room);
        (uint total, string[] names) = Members(Assert.Single(Answers()).Body);
        Assert.Equal((3U, 0), (total, names.Length));

        _a.Presence(Room, 0, [2], null);
        _a.Query(QueryKind.Members, Room);
        (total, names) = Members(Assert.Single(Answers()).Body);
        Assert.Equal((2U, 0), (total, names.Length));
    }

    [Fact]
    [Trait("Must", "R-ROLE-1")]
    public void Query_RoleThatMayNot_Forbidden()
    {
        _a.Query(QueryKind.Members, Room, user: "vic", role: Role.Viewer);
        Assert.Equal(ErrorCode.Forbidden, Refusal().Code);
        _a.Query(QueryKind.Status, Room, user: "vic", role: Role.Viewer);
        Assert.Single(Answers());
        _a.Query(QueryKind.Status, Room, user: "vic", role: (Role)200);
        Assert.Equal(ErrorCode.Forbidden, Refusal().Code);
        _a.QueryRooms(role: (Role)200);
        Assert.Equal(ErrorCode.Forbidden, Refusal().Code);
    }

    [Fact]
    [Trait("Must", "R-BAN-2")]
    public void Query_BannedUser_Banned()
    {
        _a.Control(Room, RoomControl.Ban("bad", 60), ++_number);
        _a.Query(QueryKind.Status, Room, user: "bad");
        (uint _, ErrorCode code, uint retryMilliseconds, string channel) = Refusal();
        Assert.Equal((ErrorCode.Banned, 60_000U, Room), (code, retryMilliseconds, channel));
    }

    [Fact]
    [Trait("Must", "R-QUERY-2")]
    public void Query_BadBytesBadNameOrUnknownQuestion_RefusedWithTheReason()
    {
        _a.Query([0x90], correlation: 3);
        Assert.Equal((3U, ErrorCode.MalformedBody, 0U, ""), Refusal());
        _a.Query(QueryKind.Status, "bad name");
        Assert.Equal(ErrorCode.BadChannelName, Refusal().Code);
        _a.Query([0x92, 0x02, 0xc0]);
        Assert.Equal(ErrorCode.BadChannelName, Refusal().Code);
        _a.Query([0x92, 0x09, 0xc0]);
        Assert.Equal(ErrorCode.BadArgument, Refusal().Code);
        _a.QueryRooms(state: 9);
        Assert.Equal(ErrorCode.BadArgument, Refusal().Code);
        Assert.Equal(1, _bench.Core.ChannelCount);
    }

    [Fact]
    [Trait("Must", "R-QUERY-3")]
    public void Rooms_CreatedAndListed_AreFoundByStateSearchAndPage()
    {
        _bench.List(1, [Listed("a-room", "Hats", BroadcastState.Live), Listed("z-room", "SALE of shirts", BroadcastState.Ended)]);
        _a.Presence(Room, 0, [4], null);

        _a.QueryRooms();
        (List<string> rooms, bool hasMore) = Rooms();
        Assert.Equal(["a-room Live 0 Hats", "room Scheduled 4 Spring sale", "z-room Ended 0 SALE of shirts"], rooms);
        Assert.False(hasMore);
        _a.QueryRooms(search: "sale");
        Assert.Equal(["room Scheduled 4 Spring sale", "z-room Ended 0 SALE of shirts"], Rooms().Rooms);
        _a.QueryRooms(state: (byte)BroadcastState.Live);
        Assert.Equal(["a-room Live 0 Hats"], Rooms().Rooms);
        _a.QueryRooms(max: 2);
        (rooms, hasMore) = Rooms();
        Assert.Equal((2, true), (rooms.Count, hasMore));
        _a.QueryRooms(after: "room", max: 1);
        (rooms, hasMore) = Rooms();
        Assert.Equal(["z-room Ended 0 SALE of shirts"], rooms);
        Assert.False(hasMore);
        _a.QueryRooms(after: "zz");
        Assert.Empty(Rooms().Rooms);
    }

    [Fact]
    public void Rooms_RoomIsChanged_TheListFollows()
    {
        _a.Control(Room, RoomControl.Start(), ++_number);
        _a.Control(Room, RoomControl.Set(RoomSetting.Title, "Last day"), ++_number);
        _bench.Flush();

        // A page that was read before the change comes late.
        _bench.List(1, [Listed(Room, "Spring sale", BroadcastState.Scheduled)]);
        _a.QueryRooms();
        Assert.Equal(["room Live 0 Last day"], Rooms().Rooms);
    }

    [Fact]
    public void Rooms_AfterAnotherClaim_ListOfTheOneBeforeIsNotTaken()
    {
        _bench.Claim(2);
        _bench.List(1, [Listed("old", "", BroadcastState.Live)]);
        _bench.List(2, [Listed("new", "", BroadcastState.Live)]);
        EdgeVoice b = _bench.Edge("b-0002");
        b.QueryRooms();
        Assert.Equal(["new Live 0 "], Rooms().Rooms);
    }

    [Fact]
    public void Rooms_TooMuchAskedInOneFlush_Overloaded()
    {
        _bench.List(1, Enumerable.Range(0, 100).Select(i => Listed($"listed-room-{i}", new string('t', 200), BroadcastState.Live)));
        for (int i = 0; i < 200; i++)
        {
            _a.QueryRooms();
        }

        RelayView relay = Assert.Single(_bench.Flush());
        Assert.InRange(relay.Answers.Count, 2, 10);
        Assert.Equal(200 - relay.Answers.Count, relay.Refusals.Count(refusal => refusal.Code == ErrorCode.Overloaded));
        _a.Confirmed = relay.RelayNo;
        _a.QueryRooms();
        Assert.Single(Answers());
    }

    [Theory]
    [InlineData("\uffff\uffff")]
    [InlineData("a room")]
    [InlineData("é")]
    public void Rooms_AfterWhatIsNoName_IsRefused(string after)
    {
        byte[] body = new byte[QueryBody.OverheadBytesMax + 100];
        Assert.True(new QueryBody { What = QueryKind.Rooms, After = Encoding.UTF8.GetBytes(after) }.TryEncode(body, out int bytes));
        _a.Query(body[..bytes]);
        Assert.Equal(ErrorCode.BadArgument, Refusal().Code);
    }

    [Fact]
    public void Query_MasterWithoutSlots_Unavailable()
    {
        _bench.Core.Own([new SlotOwner((Slot.Of("room"u8) + 1) % Slot.Count, "master", 5)]);
        EdgeVoice b = _bench.Edge("b-0002");
        b.Query(QueryKind.Status, Room);
        Assert.Equal(ErrorCode.Unavailable, Refusal().Code);
    }

    public void Dispose() => _bench.Dispose();

    private static ListedRoom Listed(string name, string title, BroadcastState state) =>
        new(name, "", title, state, 0, state == BroadcastState.Ended ? 1UL : 0, 1);

    private List<(ulong Session, uint Correlation, byte[] Body)> Answers() => [.. _bench.Flush().SelectMany(relay => relay.Answers)];

    private (uint Correlation, ErrorCode Code, uint RetryMilliseconds, string Channel) Refusal() =>
        Assert.Single(_bench.Flush().SelectMany(relay => relay.Refusals));

    private static (uint Total, string[] Names) Members(byte[] answer)
    {
        Assert.Equal(DecodeStatus.Ok, MembersBody.TryDecode(answer, out MembersBody members));
        List<string> names = [];
        foreach (MemberName name in members.Users)
        {
            names.Add(Encoding.UTF8.GetString(name.Value));
        }

        return (members.Total, [.. names]);
    }

    private (List<string> Rooms, bool HasMore) Rooms()
    {
        Assert.Equal(DecodeStatus.Ok, RoomListBody.TryDecode(Assert.Single(Answers()).Body, out RoomListBody list));
        List<string> rooms = [];
        foreach (RoomEntry room in list.Rooms)
        {
            rooms.Add($"{Encoding.UTF8.GetString(room.Name)} {(BroadcastState)room.State} {room.MembersTotal} {Encoding.UTF8.GetString(room.Title)}");
        }

        return (rooms, list.HasMore);
    }
}
