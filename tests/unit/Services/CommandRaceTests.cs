using System.Net;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>Commands whose rooms, instances or owners are in trouble: answered in time, to nobody else, and by nobody else.</summary>
public sealed class CommandRaceTests : IDisposable
{
    private const string Room = ServiceBench.Room;

    private readonly ServiceBench _bench = new();

    [Fact]
    [Trait("Must", "R-CMD-12")]
    public void Command_AtTheNextOwner_HasATicketThatNoneBeforeHad()
    {
        Give("latest", []);
        ulong before = _bench.Call().Ticket;

        // An instance that still works on a call of the owner before must not be taken for one that answers this one.
        using var next = new ServiceBench();
        next.Bench.Own(2);
        EdgeVoice edge = next.Bench.Edge("c-0003");
        edge.Register("news", Bodies.News());
        edge.Command(Bodies.Command("news", "latest", []), user: "bob");
        next.Settle();
        Assert.NotEqual(before, next.Call().Ticket);
    }

    [Theory]
    [InlineData("latest", "")]
    [InlineData("comment", "item-1")]
    [Trait("Must", "R-CMD-11")]
    public void Command_ItsRoomCannotBeRead_TimesOutAndIsNotDoneLater(string verb, string item)
    {
        _bench.Users.Command(Bodies.Command("news", verb, verb == "latest" ? [] : ["fine"], "cold", item));
        _bench.Told.AddRange(_bench.Bench.Pass(ServiceProfile.DeadlineMillisecondsDefault + 500, _bench.Users, _bench.Services));
        Assert.Equal(ErrorCode.ServiceTimeout, _bench.Outcome().Code);
        Assert.Equal(0, _bench.Bench.Core.CommandCount);
        _bench.Settle();
        Assert.DoesNotContain(_bench.Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Call);
        Assert.Empty(_bench.Told.SelectMany(relay => relay.Outcomes));
    }

    [Fact]
    [Trait("Must", "R-CMD-14")]
    public void Return_NumberHasLeftTheRoomsLogMeanwhile_IsNotSaidToBeTold()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        _bench.Change(Room, RoomControl.Set(RoomSetting.RetentionMessages, 5));
        Give("comment", ["fine"], Room, "item-1", number: 12);
        ulong ticket = _bench.Call().Ticket;
        _bench.Users.Speak(Room, 13, "alice", producerId: 5);
        _bench.Settle();
        for (ulong number = 1; number <= 20; number++)
        {
            _bench.Users.Speak(Room, number, "bob");
            _bench.Settle();
        }

        _bench.Told.Clear();
        _bench.Services.Return("news", Bodies.Return(ticket));
        _bench.Settle();
        Assert.Equal(ErrorCode.NumberExpired, _bench.Outcome().Code);
        Assert.Empty(_bench.Logged(Room, MessageKind.Result));
    }

    [Fact]
    public void Command_ItsNumberHasLeftTheRoomsLog_IsRefusedAndTheServiceNotAsked()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        _bench.Change(Room, RoomControl.Set(RoomSetting.RetentionMessages, 2));
        for (ulong number = 2; number <= 5; number++)
        {
            _bench.Users.Speak(Room, number, "alice", producerId: 5);
            _bench.Users.Speak(Room, number, "bob");
            _bench.Settle();
        }

        _bench.Told.Clear();
        Give("comment", ["fine"], Room, "item-1");
        Assert.DoesNotContain(_bench.Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Call);
        Assert.Equal(ErrorCode.NumberExpired, _bench.Outcome().Code);
    }

    [Fact]
    public void Command_ToldToARoomThatBansTheAddress_IsRefusedAsAMessageIs()
    {
        _bench.Change("other", RoomControl.Invite("news"));
        _bench.Change("other", RoomControl.BanAddress("203.0.113.0/24", 60));
        _bench.Users.ClientAddress = IPAddress.Parse("203.0.113.7");
        Give("share", ["other"], Room, "item-1");
        Assert.DoesNotContain(_bench.Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Call);
        Assert.Equal(ErrorCode.Banned, _bench.Outcome().Code);
    }

    [Fact]
    [Trait("Must", "R-LINE-4")]
    public void Line_RestInSeveralPieces_IsOneAgain()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        _bench.Users.Command(Bodies.Command("news", "comment", ["one two ", "three"], Room, "item-1"), isLine: true);
        _bench.Settle();
        Assert.Equal("one two three", Assert.Single(_bench.Call().Arguments));

        _bench.Users.Command(Bodies.Command("news", "comment", [new string('a', 2000), "a"], Room, "item-1", number: 2), isLine: true);
        _bench.Settle();
        (ErrorCode code, string text) = _bench.Outcome();
        Assert.Equal((ErrorCode.BadArgument, "text is longer than 2000 bytes (what it is); usage: /news comment #ITEM TEXT…"), (code, text));
    }

    [Fact]
    [Trait("Must", "R-CMD-8")]
    public void Command_EdgeDoesNotKnowTheInstance_IsGivenToAnother()
    {
        Give("latest", []);
        ulong session = _bench.Call().Session;
        _bench.Users.Register("news", Bodies.News(), session: 60);
        _bench.Services.Register("", [], session);
        _bench.Settle();
        Assert.Equal(60UL, _bench.Call().Session);
    }

    public void Dispose() => _bench.Dispose();

    private void Give(string verb, string[] arguments, string? channel = null, string item = "", ulong number = 1)
    {
        _bench.Users.Command(Bodies.Command("news", verb, arguments, channel, item, number));
        _bench.Settle();
    }
}
