using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>The two verbs that every service has from the relay: to subscribe to its topics, and no longer.</summary>
public sealed class SubscriptionCommandTests : IDisposable
{
    private const string Room = ServiceBench.Room;
    private const string Inbox = "inbox:alice";
    private const ulong HourMilliseconds = 3_600_000;

    private readonly ServiceBench _bench = new();

    [Theory]
    [InlineData(Room)]
    [InlineData(null)]
    [Trait("Must", "R-SUB-9")]
    public void Subscribe_ByACommand_IsAControlOfTheCallerUnderItsName(string? channel)
    {
        string place = channel ?? Inbox;
        Assert.Equal((ErrorCode.None, ""), Give("subscribe", ["headlines", "world", "for", "1h"], channel));
        (MessageKind kind, ulong number, string from, byte[] payload) = Assert.Single(_bench.Messages(place));
        RoomControl control = RoomControl.Decode(payload, out _)!;
        Assert.Equal((MessageKind.Room, 1UL, "alice"), (kind, number, from));
        Assert.Equal(
            (ControlVerb.Subscribe, "news.headlines", "world", _bench.Bench.Now + HourMilliseconds),
            (control.Verb, control.Topic, Assert.Single(control.Subjects), control.ExpiresAtMilliseconds));
        Publish(1, "economy");
        Publish(2, "world");
        Assert.Equal([2], _bench.Logged(place, MessageKind.Update));

        Assert.Equal((ErrorCode.None, ""), Give("unsubscribe", ["news.headlines"], channel, number: 2));
        Publish(3, "world");
        Assert.Equal([2], _bench.Logged(place, MessageKind.Update));
    }

    [Theory]
    [InlineData("subscribe", "headlines", "")]
    [InlineData("subscribe", "news.headlines world economy for forever", "economy world")]
    [InlineData("subscribe", "alerts \"a long name\" for 30m", "a long name")]
    [InlineData("subscribe", "alerts for for 1d", "for")]
    [Trait("Must", "R-SUB-9")]
    public void Subscribe_ByALine_IsCutAsLinesAre(string verb, string rest, string subjects)
    {
        Assert.Equal((ErrorCode.None, ""), Give(verb, [rest], Room, isLine: true));
        RoomControl control = RoomControl.Decode(Assert.Single(_bench.Messages(Room)).Payload, out _)!;
        Assert.Equal(subjects, string.Join(' ', control.Subjects.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("subscribe", "", ErrorCode.BadArgument, "the topic is missing; usage: /news subscribe TOPIC [SUBJECT…] [for TIME]")]
    [InlineData("subscribe", "Sport!", ErrorCode.BadArgument, "'Sport!' is no topic of news; /help news lists them; usage: ")]
    [InlineData("subscribe", "shop.offers", ErrorCode.BadArgument, "'shop.offers' is no topic of news")]
    [InlineData("subscribe", "headlines for", ErrorCode.BadArgument, "behind 'for' comes a time: 30s, ")]
    [InlineData("subscribe", "headlines for soon", ErrorCode.BadArgument, "'soon' is no duration; write 30s, ")]
    [InlineData("subscribe", "headlines world world", ErrorCode.BadArgument, "subjects must be at most 64 different s")]
    [InlineData("subscribe", "headlines for 3651d", ErrorCode.BadArgument, "expires_at_ms")]
    [InlineData("subscribe", "weather", ErrorCode.NotFound, "weather")]
    [InlineData("subscribe", "headlines wrold", ErrorCode.NotFound, "world")]
    [InlineData("unsubscribe", "", ErrorCode.BadArgument, "the topic is missing; usage: /news unsubscribe TOPIC")]
    [InlineData("unsubscribe", "headlines world", ErrorCode.BadArgument, "'world' is too much")]
    [InlineData("unsubscribe", "headlines", ErrorCode.NotFound, "there is no subscription to this topic")]
    [Trait("Must", "R-SUB-9")]
    [Trait("Must", "R-CMD-3")]
    public void Command_ThatCannotBeDone_IsRefusedAsTheControlWouldBe(string verb, string words, ErrorCode code, string text)
    {
        (ErrorCode Code, string Text) outcome = Give(verb, words.Split(' ', StringSplitOptions.RemoveEmptyEntries), Room);
        Assert.Equal(code, outcome.Code);
        Assert.Contains(text, outcome.Text, StringComparison.Ordinal);
        Assert.Empty(_bench.Messages(Room));
        Assert.DoesNotContain(_bench.Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Call);
    }

    [Fact]
    [Trait("Must", "R-SUB-9")]
    public void Subscribe_WhoMayNotInThisRoom_IsRefused()
    {
        _bench.Change(Room, RoomControl.Create("Own"));
        Assert.Equal(ErrorCode.Forbidden, Give("subscribe", ["headlines"], Room).Code);
        Assert.Equal(ErrorCode.None, Give("subscribe", ["headlines"], Room, number: 2, role: Role.Operator).Code);
        _bench.Change("open", RoomControl.Mute("alice", 60));
        Assert.Equal(ErrorCode.Muted, Give("subscribe", ["alerts"], "open", number: 3).Code);
    }

    [Fact]
    [Trait("Must", "R-SUB-9")]
    public void Subscribe_SentAgain_IsDoneOnceAlsoByTheNextOwner()
    {
        Give("subscribe", ["headlines", "for", "1h"], Room);
        Assert.Equal((ErrorCode.None, ""), Give("subscribe", ["headlines", "for", "1h"], Room));
        _bench.Bench.Own(2);
        _bench.Settle();
        EdgeVoice users = _bench.Bench.Edge("c-0003");
        users.Command(Bodies.Command("news", "subscribe", ["headlines", "for", "1h"], Room));
        _bench.Settle();
        Assert.Equal((ErrorCode.None, ""), _bench.Outcome());
        Assert.Single(_bench.Messages(Room));
    }

    [Theory]
    [InlineData("subscribe")]
    [InlineData("unsubscribe")]
    [InlineData("help")]
    [Trait("Must", "R-SVC-4")]
    public void Register_AVerbThatEveryServiceHas_IsRefused(string verb)
    {
        byte[] definition = Bodies.Definition("shop", "Shop", "", [Bodies.Verb(verb, VerbFlags.None, 0)], [], []);
        Assert.Null(ServiceProfile.Decode(definition, out ControlRefusal? refusal));
        Assert.Equal("no verb is \"help\", \"subscribe\" or \"unsubscribe\": every service has these from the relay", refusal!.Text);
    }

    [Theory]
    [InlineData("help", "", "/news unsubscribe TOPIC  has it told no longer")]
    [InlineData("help", "subscribe", "/news subscribe TOPIC [SUBJECT…] [for TIME]  has the room, or your inbox, told what is new, of some subjects or of all")]
    public void Help_OfAServiceWithTopics_TellsHowToSubscribe(string verb, string word, string line) =>
        Assert.Contains(line, Give(verb, word.Length > 0 ? [word] : [], Room).Text.Split('\n'));

    public void Dispose() => _bench.Dispose();

    private (ErrorCode Code, string Text) Give(
        string verb, string[] arguments, string? channel, ulong number = 1, bool isLine = false, Role role = Role.Member)
    {
        _bench.Told.Clear();
        _bench.Users.Command(Bodies.Command("news", verb, arguments, channel, number: number), isLine: isLine, role: role);
        _bench.Settle();
        return _bench.Outcome();
    }

    private void Publish(ulong number, string subject)
    {
        _bench.Services.Update("topic:news.headlines", Bodies.Update("news.headlines", [subject]), number);
        _bench.Settle();
    }
}
