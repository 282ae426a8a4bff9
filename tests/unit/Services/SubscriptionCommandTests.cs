using System.Net;
using RelayServer.Fabric;
using RelayServer.Master.Services;
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
        _bench.Change("closed", RoomControl.Ban("alice", 60));
        Assert.Equal(ErrorCode.Banned, Give("subscribe", ["alerts"], "closed", number: 4).Code);
        _bench.Change("local", RoomControl.BanAddress("192.0.2.0/24", 60));
        _bench.Users.ClientAddress = IPAddress.Parse("192.0.2.7");
        Assert.Equal(ErrorCode.Banned, Give("subscribe", ["alerts"], "local", number: 5).Code);
        _bench.Change("sale", RoomControl.Create("Sale"));
        _bench.Change("sale", RoomControl.End());
        Assert.Equal(ErrorCode.Conflict, Give("subscribe", ["alerts"], "sale", number: 6, role: Role.Operator).Code);
        Assert.Equal(ErrorCode.Forbidden, Give("subscribe", ["alerts"], "inbox:bob", number: 7, role: Role.Operator).Code);
        Assert.Equal(ErrorCode.Forbidden, Give("subscribe", ["alerts"], "topic:news.alerts", number: 8, role: Role.Operator).Code);
    }

    [Fact]
    [Trait("Must", "R-CMD-2")]
    public void Subscribe_OfAServiceThatThereIsNot_IsUnknownBeforeAnythingElse()
    {
        _bench.Users.Command(Bodies.Command("weather", "subscribe", [], Room), role: Role.Member);
        _bench.Settle();
        Assert.Equal(ErrorCode.UnknownService, _bench.Outcome().Code);
    }

    [Fact]
    [Trait("Must", "R-SUB-4")]
    public void Subscribe_InARoomThatIsSplit_IsInTheLogOfEachPart()
    {
        _bench.Services.Interest(Room);
        _bench.Settle();
        _bench.Change(Room, RoomControl.SplitByEdges());
        Assert.Equal((ErrorCode.None, ""), Give("subscribe", ["headlines"], Room));
        foreach (uint partition in new uint[] { 0, 1 })
        {
            Assert.Contains(ControlVerb.Subscribe, _bench.Bench.Log(new LogKey(Room, 1, partition)).SelectMany(Verbs));
        }

        static IEnumerable<ControlVerb> Verbs(LogEntry entry)
        {
            Assert.Equal(DecodeStatus.Ok, DeliverBody.TryDecode(entry.Body.Span, out DeliverBody body));
            List<ControlVerb> verbs = [];
            foreach (DeliverMessage message in body)
            {
                verbs.Add(message.Kind == MessageKind.Room && RoomControl.DecodeLogged(message.Payload) is { } control ? control.Verb : default);
            }

            return verbs;
        }
    }

    // An ERROR that no client can read would come again on each connection, for as long as the request is not answered.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Must", "R-SUB-2")]
    public void Subscribe_WhereNamesAreTheLongest_IsRefusedInATextThatFits(bool byCommand)
    {
        string service = new('s', ProtocolLimits.ServiceWordBytesMax);
        string[] subjects = [.. Enumerable.Range(10, 9).Select(number => number + new string('x', ProtocolLimits.SubjectBytesMax - 2))];
        byte[][] topics = [.. Enumerable.Range(10, 9).Select(number => Bodies.Topic(Long(number), isOpen: false, subjects))];
        _bench.Services.Register(service, Bodies.Definition(service, "Long", "", [], topics, []), session: 61);
        _bench.Settle();
        foreach ((string topic, string[] chosen) in new (string, string[])[] { (Long(99), []), (Long(11), ["99" + subjects[0][2..]]) })
        {
            Assert.Equal(ErrorCode.NotFound, Refusal($"{service}.{topic}", chosen, byCommand));
        }

        static string Long(int number) => "t" + number + new string('t', ProtocolLimits.TopicWordBytesMax - 3);
    }

    [Theory]
    [InlineData("sport\u001b[2J")]
    [InlineData("\u202ekcab")]
    [Trait("Must", "R-CMD-3")]
    public void Subscribe_ToWhatWouldWriteOnATerminal_IsNotSaidBackAsItWas(string word)
    {
        foreach (string[] words in new string[][] { [word], ["headlines", "for", word], [word + new string('a', 1500)] })
        {
            (ErrorCode Code, string Text) outcome = Give("subscribe", words, Room);
            Assert.Equal(ErrorCode.BadArgument, outcome.Code);
            Assert.DoesNotContain(outcome.Text, letter => char.IsControl(letter) || letter == '\u202e');
            Assert.EndsWith("; usage: /news subscribe TOPIC [SUBJECT…] [for TIME]", outcome.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Must", "R-CMD-4")]
    public void Subscribe_SentAgainWhileItsRoomIsBeingRead_IsDoneOnceAndAnsweredToWhoAsksLast()
    {
        _bench.Users.Command(Bodies.Command("news", "subscribe", ["headlines"]), id: 1, role: Role.Member);
        _bench.Services.Command(Bodies.Command("news", "subscribe", ["headlines"]), id: 2, session: 70, role: Role.Member);
        _bench.Settle();
        Assert.Equal([(70UL, 2U)], _bench.Told.SelectMany(relay => relay.Outcomes).Select(outcome => (outcome.Session, outcome.Id)));
        Assert.Single(_bench.Messages(Inbox));
    }

    [Fact]
    [Trait("Must", "R-SUB-9")]
    public void Subscribe_ItsRoomIsNotReadInTime_IsRefusedAndNotDoneLater()
    {
        _bench.Users.Command(Bodies.Command("news", "subscribe", ["headlines"]), role: Role.Member);
        _bench.Told.AddRange(_bench.Bench.Pass(CommandDesk.OwnVerbMilliseconds + 500, _bench.Users, _bench.Services));
        Assert.Equal(ErrorCode.Unavailable, _bench.Outcome().Code);
        _bench.Settle();
        Assert.Empty(_bench.Messages(Inbox));
    }

    [Fact]
    [Trait("Must", "R-CMD-4")]
    public void Subscribe_SentAgainAfterItsTime_IsAnsweredToWhoAsksLast()
    {
        _bench.Users.Command(Bodies.Command("news", "subscribe", ["headlines"]), id: 1, role: Role.Member);
        _bench.Bench.Pass(CommandDesk.OwnVerbMilliseconds + 500, _bench.Users, _bench.Services);
        _bench.Services.Command(Bodies.Command("news", "subscribe", ["headlines"]), id: 2, session: 70, role: Role.Member);
        _bench.Settle();
        Assert.Equal([(70UL, 2U)], _bench.Told.SelectMany(relay => relay.Outcomes).Select(outcome => (outcome.Session, outcome.Id)));
        Assert.Single(_bench.Messages(Inbox));
    }

    [Fact]
    public void Subscribe_WhileRoomsAreBeingRead_OneUserTakesNoMoreThanHisShare()
    {
        for (int i = 0; i <= CommandDesk.CallsPerUserMax; i++)
        {
            _bench.Users.Command(Bodies.Command("news", "subscribe", ["headlines"], number: (ulong)i + 1), id: (uint)i + 1, role: Role.Member);
        }

        _bench.Users.Command(Bodies.Command("news", "subscribe", ["headlines"]), user: "bob", id: 900, role: Role.Member);
        _bench.Settle();
        uint refused = Assert.Single(_bench.Told.SelectMany(relay => relay.Outcomes), outcome => outcome.Type == FrameType.Error).Id;
        Assert.Equal((uint)CommandDesk.CallsPerUserMax + 1, refused);
        Assert.Equal((ErrorCode.None, ""), Give("subscribe", ["headlines"], null, number: 5000));
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

    [Fact]
    [Trait("Must", "R-CMD-5")]
    public void Subscribe_SentAgainWhenTheRoomHasForgottenIt_IsAnsweredTheSame()
    {
        _bench.Change(Room, RoomControl.Set(RoomSetting.RetentionMessages, 5));
        Assert.Equal((ErrorCode.None, ""), Give("subscribe", ["headlines"], Room));
        for (ulong number = 1; number <= 20; number++)
        {
            _bench.Users.Speak(Room, number, "bob");
            _bench.Settle();
        }

        Assert.Equal((ErrorCode.None, ""), Give("subscribe", ["headlines"], Room));
        Assert.Single(_bench.Messages(Room), message => message.From == "alice");
        Assert.Equal(ErrorCode.NotFound, Give("unsubscribe", ["alerts"], Room, number: 2).Code);
        Assert.Equal((2, 1), (_bench.Bench.Counters.Commands, _bench.Bench.Counters.CommandsRefused));
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

    private ErrorCode Refusal(string topic, string[] subjects, bool byCommand)
    {
        _bench.Told.Clear();
        if (byCommand)
        {
            _bench.Users.Command(Bodies.Command(topic[..ProtocolLimits.ServiceWordBytesMax], "subscribe", [topic, .. subjects], Room), role: Role.Member);
            _bench.Settle();
            return _bench.Outcome().Code;
        }

        _bench.Users.Control(Room, RoomControl.Subscribe(topic, subjects), 900, role: Role.Operator);
        _bench.Settle();
        return Assert.Single(_bench.Told.SelectMany(relay => relay.Errors)).Code;
    }

    private void Publish(ulong number, string subject)
    {
        _bench.Services.Update("topic:news.headlines", Bodies.Update("news.headlines", [subject]), number);
        _bench.Settle();
    }
}
