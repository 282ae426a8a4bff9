using System.Text;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>Changes of rooms: by whom they may be, each at one place in the log, done once, and kept whatever ends.</summary>
public sealed class ControlTests : IDisposable
{
    private const string Room = "room";
    private const ulong ProducerId = 8;
    private readonly MasterBench _bench = new();
    private readonly EdgeVoice _a;
    private readonly EdgeVoice _b;
    private ulong _number = 100;

    public ControlTests()
    {
        _a = _bench.Edge("a-0001");
        _b = _bench.Edge("b-0002");
        _a.Interest(Room);
        _b.Interest(Room);
        _bench.Load();
        _bench.Flush();
    }

    [Fact]
    [Trait("Must", "R-CTRL-1")]
    public void Control_AmongMessages_CountsForWhatIsBehindItsPlace()
    {
        _a.Speak(Room, 1, "ann");
        _a.Control(Room, RoomControl.Set(RoomSetting.Frozen, 1), 101);
        _a.Speak(Room, 2, "ann");
        _a.Control(Room, RoomControl.Set(RoomSetting.Frozen, 0), 102);
        _a.Speak(Room, 3, "ann");
        RelayView relay = To(_bench.Flush(), _a);

        Assert.Equal([(1UL, 1UL), (2UL, 101UL), (3UL, 102UL), (4UL, 3UL)], relay.Delivered);
        Assert.Equal([(101UL, 2UL), (102UL, 3UL)], relay.Places.Where(place => place.Number > 100).Select(place => (place.Number, place.At.Seq)));
        Assert.Equal(ErrorCode.NotOpen, Assert.Single(relay.Errors).Code);
    }

    [Fact]
    [Trait("Must", "R-CTRL-2")]
    public void Control_SentAgain_IsAckedWhereItIsAndNotDoneAgain()
    {
        _a.Control(Room, RoomControl.Ban("max", 60), 101);
        Position place = Assert.Single(To(_bench.Flush(), _a).Places).At;
        _a.Control(Room, RoomControl.Ban("max", 0), 102);
        _bench.Flush();
        byte[] state = _bench.Saved(Room).Encode();

        _b.Control(Room, RoomControl.Ban("max", 60), 101, session: 5);
        Assert.Equal((101UL, place), Assert.Single(To(_bench.Flush(), _b).Places));
        _bench.Own(2);
        EdgeVoice c = _bench.Edge("c-0003");
        c.Control(Room, RoomControl.Ban("max", 60), 101);
        _bench.Load();
        Assert.Equal((101UL, place), Assert.Single(To(_bench.Flush(), c).Places));

        Assert.Equal(2, _bench.Log(Room).Count);
        Assert.Equal(state, _bench.Saved(Room).Encode());
    }

    [Fact]
    [Trait("Must", "R-CTRL-5")]
    public void Control_Refused_IsNeitherLoggedNorSaved()
    {
        Done(RoomControl.Create("Sale"), "olga", Role.Member);
        byte[] state = _bench.Saved(Room).Encode();
        RoomControl[] refused =
        [
            RoomControl.BanAddress("10.0.0.0/8", 60), RoomControl.Merge(), RoomControl.Create("Mine"), RoomControl.Kick("olga"), RoomControl.Unpin("p"),
            RoomControl.Set(RoomSetting.Frozen, 2),
        ];
        foreach (RoomControl control in refused)
        {
            Refusal(control, "olga");
            Assert.Equal((0, 0), (_bench.LastFlush.Appends.Count, _bench.LastFlush.Records.Count));
        }

        _a.Query(QueryKind.Status, Room, user: "olga");
        Assert.Equal(DecodeStatus.Ok, StatusBody.TryDecodeAnswer(Assert.Single(To(_bench.Flush(), _a).Answers).Body, out StatusBody status));
        Assert.Equal((BroadcastState.Scheduled, "Sale"), ((BroadcastState)status.State, Encoding.UTF8.GetString(status.Title)));
        Assert.Equal(state, _bench.Saved(Room).Encode());
    }

    [Fact]
    [Trait("Must", "R-CTRL-6")]
    public void Control_SplitRoom_IsInTheLogOfEveryPartitionUnderItsName()
    {
        Done(RoomControl.SplitByEdges(), "root", Role.Operator);
        Assert.Equal([(MessageKind.Split, "root", ProducerId, _number)], Named(0, 0));
        Done(RoomControl.Notice("hello"), "shop", Role.Service);
        ulong notice = _number;
        Done(RoomControl.Merge(), "root", Role.Operator);
        for (uint partition = 0; partition < 2; partition++)
        {
            Assert.Equal(
                [(MessageKind.Split, "root", 0UL, 0UL), (MessageKind.Room, "shop", ProducerId, notice), (MessageKind.Split, "root", ProducerId, _number)],
                Named(1, partition));
        }
    }

    [Fact]
    [Trait("Must", "R-CTRL-7")]
    public void BanAddress_InTheLog_HasItsVerbOnly()
    {
        Done(RoomControl.BanAddress("203.0.113.0/24", 60, "spam"), "root", Role.Operator);
        LogEntry entry = Assert.Single(_bench.Log(Room));
        Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(entry.Body.Span, out DeliverBody body));
        foreach (DeliverMessage message in body)
        {
            Assert.Equal([0x91, (byte)ControlVerb.BanAddress], message.Payload.ToArray());
        }

        Assert.Single(_bench.Saved(Room).AddressBans);
    }

    [Fact]
    [Trait("Must", "R-ROLE-1")]
    public void Roles_WhatTheyMayNot_Forbidden()
    {
        Done(RoomControl.Create("Sale"), "olga", Role.Member);
        Done(RoomControl.Appoint("mona", Role.Moderator), "olga", Role.Member);
        Done(RoomControl.Start(), "olga", Role.Member);
        (string User, Role Token, RoomControl Control)[] cells =
        [
            ("vic", Role.Viewer, RoomControl.Create("x")), ("max", Role.Member, RoomControl.Notice("x")), ("shop", Role.Service, RoomControl.Mute("max", 60)),
            ("shop", Role.Service, RoomControl.SplitByEdges()), ("mona", Role.Member, RoomControl.End()), ("mona", Role.Member, RoomControl.Appoint("x", Role.Viewer)),
            ("olga", Role.Member, RoomControl.BanAddress("10.0.0.0/8", 60)),
        ];
        Assert.All(cells, cell => Assert.Equal(ErrorCode.Forbidden, Refusal(cell.Control, cell.User, cell.Token)));
        Assert.Equal(ErrorCode.Forbidden, Says("vic", Role.Viewer));
        Done(RoomControl.Mute("max", 60), "mona", Role.Member);
    }

    [Fact]
    [Trait("Must", "R-LIFE-1")]
    public void Speak_BeforeTheStartAndAfterTheEnd_NotOpen()
    {
        Done(RoomControl.Create("Sale"), "olga", Role.Member);
        Assert.Equal(ErrorCode.NotOpen, Says("max"));
        Assert.Null(Says("olga"));
        Assert.Null(Says("shop", Role.Service));
        Done(RoomControl.Start(), "olga", Role.Member);
        Assert.Null(Says("max"));
        Done(RoomControl.End(), "olga", Role.Member);
        Assert.Equal(ErrorCode.NotOpen, Says("max"));
        Assert.Equal(ErrorCode.NotOpen, Says("olga"));
        Assert.Equal(ErrorCode.NotOpen, Says("root", Role.Operator));
    }

    [Fact]
    [Trait("Must", "R-LIFE-2")]
    [Trait("Must", "R-BAN-2")]
    [Trait("Must", "R-MUTE-1")]
    public void Own_AnotherMasterAndOtherEdges_WhatTheRoomWasSetToHoldsOn()
    {
        Done(RoomControl.Create("Sale"), "olga", Role.Member);
        Done(RoomControl.Start(), "olga", Role.Member);
        Done(RoomControl.Appoint("mona", Role.Moderator), "olga", Role.Member);
        Done(RoomControl.Set(RoomSetting.Speakers, 1), "olga", Role.Member);
        Done(RoomControl.Ban("bad", 60), "mona", Role.Member);
        Done(RoomControl.Kick("wild"), "mona", Role.Member);
        Done(RoomControl.Mute("loud", 60), "mona", Role.Member);
        _bench.Own(2);
        EdgeVoice edge = _bench.Edge("c-0003");
        edge.Interest(Room);
        _bench.Load();

        RoomState told = Assert.Single(To(_bench.Flush(), edge).Rooms);
        Assert.Equal((BroadcastState.Live, "Sale", "olga"), (told.State, told.Title, told.Owner));
        Assert.Equal(ErrorCode.NotOpen, Says("max", edge: edge));
        Assert.Null(Says("mona", edge: edge));
        Assert.Equal(ErrorCode.Banned, Says("bad", edge: edge));
        Assert.Equal(ErrorCode.Kicked, Says("wild", edge: edge));
        Assert.Equal(ErrorCode.Muted, Says("loud", edge: edge));
        Assert.Equal(ErrorCode.Banned, Refusal(RoomControl.Create("x"), "bad", edge: edge));
        edge.Query(QueryKind.Members, Room, user: "wild");
        Assert.Equal(ErrorCode.Kicked, Assert.Single(To(_bench.Flush(), edge).Errors).Code);
    }

    public void Dispose() => _bench.Dispose();

    private static RelayView To(List<RelayView> relays, EdgeVoice edge) => Assert.Single(relays, relay => relay.To == edge.Address);

    private void Done(RoomControl control, string user, Role role)
    {
        _a.Control(Room, control, ++_number, user: user, role: role);
        List<RelayView> relays = _bench.Flush();
        Confirm(relays);
        Assert.Equal(_number, Assert.Single(To(relays, _a).Places).Number);
    }

    private ErrorCode Refusal(RoomControl control, string user, Role role = Role.Member, EdgeVoice? edge = null)
    {
        edge ??= _a;
        edge.Control(Room, control, ++_number, user: user, role: role);
        List<RelayView> relays = _bench.Flush();
        Confirm(relays, edge);
        Assert.Empty(To(relays, edge).Places);
        return Assert.Single(To(relays, edge).Errors).Code;
    }

    // Null when it was taken.
    private ErrorCode? Says(string user, Role role = Role.Member, EdgeVoice? edge = null)
    {
        edge ??= _a;
        edge.Speak(Room, ++_number, user, role);
        List<RelayView> relays = _bench.Flush();
        Confirm(relays, edge);
        RelayView relay = To(relays, edge);
        Assert.Equal(1, relay.Errors.Count + relay.Places.Count);
        return relay.Errors.Count == 0 ? null : relay.Errors[0].Code;
    }

    private void Confirm(List<RelayView> relays, params EdgeVoice[] others)
    {
        foreach (EdgeVoice edge in others.Append(_a).Append(_b))
        {
            edge.Confirmed = Math.Max(edge.Confirmed, relays.Where(relay => relay.To == edge.Address).Select(relay => relay.RelayNo).LastOrDefault());
        }
    }

    // What a log has of controls and splits: by whom, and under which name.
    private List<(MessageKind Kind, string From, ulong ProducerId, ulong Number)> Named(ulong generation, uint partition)
    {
        List<(MessageKind, string, ulong, ulong)> messages = [];
        foreach (LogEntry entry in _bench.Log(new LogKey(Room, generation, partition)))
        {
            Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(entry.Body.Span, out DeliverBody body));
            foreach (DeliverMessage message in body)
            {
                messages.Add((message.Kind, Encoding.UTF8.GetString(message.From), message.ProducerId, message.Number));
            }
        }

        return messages;
    }
}
