using RelayServer.Master.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>Commands: each is answered once, done once, and finds an instance that lives.</summary>
public sealed class CommandTests : IDisposable
{
    private const string Room = ServiceBench.Room;

    private readonly ServiceBench _bench = new();

    [Fact]
    [Trait("Must", "R-CMD-1")]
    [Trait("Must", "R-CMD-19")]
    public void Command_InstanceIsThere_IsAskedAndItsAnswerTold()
    {
        Give("latest", ["3"]);
        (ulong session, ulong ticket, string subject, string key, int attempt, string channel, string[] arguments) = _bench.Call();
        Assert.Equal((50UL, 1, "", "3"), (session, attempt, channel, Assert.Single(arguments)));
        Assert.Equal((26, 32), (subject.Length, key.Length));

        Return(ticket, "three items");
        Assert.Equal((ErrorCode.None, "three items"), _bench.Outcome());
    }

    [Fact]
    [Trait("Must", "R-CMD-9")]
    public void Command_OfTheSameUser_HasTheSameSubjectForAServiceAndAnotherForAnother()
    {
        _bench.Services.Register("music", Bodies.News("music"), session: 51);
        Give("latest", []);
        string first = _bench.Call().Subject;
        Give("latest", [], number: 2);
        string second = _bench.Call().Subject;
        Give("latest", [], number: 3, user: "bob");
        string others = _bench.Call().Subject;
        Give("latest", [], number: 4, service: "music");
        string elsewhere = _bench.Call().Subject;

        Assert.Equal(first, second);
        Assert.Equal(3, new[] { first, others, elsewhere }.Distinct().Count());
        Assert.DoesNotContain("alice", first, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("weather", "now", "", ErrorCode.UnknownService, "there is no service weather; /help lists those that there are")]
    [InlineData("news", "fly", "", ErrorCode.UnknownVerb, "news does not know fly; it knows comment, latest, share")]
    [InlineData("news", "latest", "many", ErrorCode.BadArgument, "count is not a whole number (what it is); usage: /news latest [COUNT]")]
    [InlineData("news", "latest", "1,2", ErrorCode.BadArgument, "\"2\" is too much; put an argument of several words in quotation marks; usage: /news latest [COUNT]")]
    [InlineData("news", "comment", "", ErrorCode.BadArgument, "text is missing (what it is); usage: /news comment #ITEM TEXT…")]
    [InlineData("news", "comment", "hello", ErrorCode.BadArgument, "this is about an item: choose the card that is meant; usage: /news comment #ITEM TEXT…")]
    [InlineData("news", "share", "a room", ErrorCode.BadArgument, "room cannot name a room (what it is); usage: /news share #ITEM ROOM")]
    [Trait("Must", "R-CMD-2")]
    [Trait("Must", "R-CMD-3")]
    public void Command_ThatCannotBe_IsRefusedWithWhatIsWrong(string service, string verb, string arguments, ErrorCode code, string text)
    {
        Give(verb, arguments.Split(',', StringSplitOptions.RemoveEmptyEntries), service: service, channel: Room);
        Assert.Equal((code, text), _bench.Outcome());
    }

    [Fact]
    public void Command_ToldToARoomButSaidInNone_IsRefused()
    {
        Give("comment", ["fine"], item: "item-1");
        (ErrorCode code, string text) = _bench.Outcome();
        Assert.Equal(ErrorCode.BadArgument, code);
        Assert.StartsWith("this is told to a room: say it in one", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "/news  News")]
    [InlineData("", "help", "/news  News")]
    [InlineData("news", "", "topic news.headlines  headlines")]
    [InlineData("news", "help", "/news comment #ITEM TEXT…  what it does")]
    [Trait("Must", "R-CMD-17")]
    public void Help_OfAllAndOfOne_TellsWhatThereIs(string service, string verb, string line)
    {
        Give(verb, [], service: service);
        (ErrorCode code, string text) = _bench.Outcome();
        Assert.Equal(ErrorCode.None, code);
        Assert.Contains(line, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_InAnotherLanguage_HasItsTexts()
    {
        _bench.Users.Command(Bodies.Command("", "", [], locale: "de-AT"));
        _bench.Settle();
        Assert.Contains("/news  Nachrichten", _bench.Outcome().Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Must", "R-CMD-7")]
    public void Command_SeveralInstances_ShareTheLoad()
    {
        _bench.Users.Register("news", Bodies.News(), session: 60);
        _bench.Services.Register("news", Bodies.News(), session: 61);
        List<ulong> sessions = [];
        for (ulong number = 1; number <= 9; number++)
        {
            Give("latest", [], number: number);
            sessions.Add(_bench.Call().Session);
        }

        Assert.Equal([(50UL, 3), (60UL, 3), (61UL, 3)], sessions.CountBy(session => session).Select(count => (count.Key, count.Value)).Order());
    }

    [Fact]
    [Trait("Must", "R-CMD-8")]
    [Trait("Must", "R-SVC-7")]
    public void Command_InstanceGoes_IsGivenToAnotherWithTheSameKey()
    {
        Give("latest", []);
        (ulong session, ulong ticket, string subject, string key, _, _, _) = _bench.Call();
        _bench.Users.Register("news", Bodies.News(), session: 60);
        _bench.Services.Register("news", [], session);
        _bench.Settle();

        var again = _bench.Call();
        Assert.Equal((60UL, ticket, subject, key, 2), (again.Session, again.Ticket, again.Subject, again.Key, again.Attempt));
        _bench.Users.Return("news", Bodies.Return(ticket), session: 60);
        _bench.Settle();
        Assert.Equal(ErrorCode.None, _bench.Outcome().Code);
    }

    [Fact]
    public void Command_EdgeOfTheInstanceDies_IsGivenToAnother()
    {
        Give("latest", []);
        _bench.Call();
        _bench.Users.Register("news", Bodies.News(deadlineMilliseconds: 60_000), session: 60);
        Give("latest", [], number: 2);
        ulong own = _bench.Call().Ticket;
        Give("latest", [], number: 3);
        ulong theirs = _bench.Call().Ticket;
        _bench.Told.AddRange(_bench.Bench.Pass(9_000, _bench.Users));
        _bench.Told.Clear();
        _bench.Told.AddRange(_bench.Bench.Pass(3_000, _bench.Users));
        Assert.Equal(60UL, _bench.Call().Session);
        Assert.NotEqual(own, theirs);
    }

    [Fact]
    public void Command_NoInstance_WaitsForOneThatComesAndIsElseRefused()
    {
        _bench.Services.Register("news", [], session: 50);
        Give("latest", []);
        _bench.Pass(1_500);
        Assert.Empty(_bench.Told.SelectMany(relay => relay.Outcomes));
        _bench.Services.Register("news", Bodies.News(), session: 55);
        _bench.Settle();
        Assert.Equal(55UL, _bench.Call().Session);

        _bench.Services.Register("news", [], session: 55);
        _bench.Pass(ServiceDesk.WaitMilliseconds + 500);
        Assert.Equal(ErrorCode.ServiceUnavailable, _bench.Outcome().Code);
    }

    [Fact]
    public void Command_InstancesGoOneAfterTheOther_IsGivenUpAfterSomeAttempts()
    {
        Give("latest", []);
        for (ulong session = 50; session < 50 + ServiceDesk.AttemptsMax; session++)
        {
            Assert.Equal(session, _bench.Call().Session);
            _bench.Services.Register("news", Bodies.News(), session + 1);
            _bench.Services.Register("news", [], session);
            _bench.Settle();
        }

        Assert.Equal(ErrorCode.ServiceUnavailable, _bench.Outcome().Code);
    }

    [Fact]
    [Trait("Must", "R-CMD-11")]
    [Trait("Must", "R-CMD-12")]
    public void Command_NotAnsweredInTime_TimesOutAndTheAnswerIsRefused()
    {
        Give("latest", []);
        ulong ticket = _bench.Call().Ticket;
        _bench.Pass(ServiceProfile.DeadlineMillisecondsDefault + 500);
        Assert.Equal(ErrorCode.ServiceTimeout, _bench.Outcome().Code);

        Return(ticket);
        Assert.Equal(ErrorCode.DeadlinePassed, ServiceError());
    }

    [Fact]
    public void Return_OfACallOfAnotherInstance_IsRefused()
    {
        _bench.Users.Register("news", Bodies.News(), session: 60);
        Give("latest", []);
        ulong ticket = _bench.Call().Ticket;
        _bench.Users.Return("news", Bodies.Return(ticket), session: 60);
        _bench.Settle();
        Assert.Equal(ErrorCode.DeadlinePassed, ServiceError());
    }

    [Theory]
    [InlineData(ReturnStatus.Refused, "not on sundays", ErrorCode.CommandRefused, "not on sundays")]
    [InlineData(ReturnStatus.Refused, "", ErrorCode.CommandRefused, "the service does not do this")]
    [InlineData(ReturnStatus.Failed, "at line 7", ErrorCode.InternalError, "the service could not do this; try again later")]
    [InlineData((ReturnStatus)9, "x", ErrorCode.InternalError, "the service could not do this; try again later")]
    [Trait("Must", "R-CMD-13")]
    public void Return_NotDone_IsToldToTheCaller(ReturnStatus status, string text, ErrorCode code, string told)
    {
        Give("latest", []);
        Return(_bench.Call().Ticket, text, status);
        Assert.Equal((code, told), _bench.Outcome());
    }

    [Fact]
    [Trait("Must", "R-CMD-4")]
    [Trait("Must", "R-CMD-5")]
    public void Command_ComesAgain_IsDoneOnceAndAnsweredToWhoAsksLast()
    {
        Give("latest", []);
        ulong ticket = _bench.Call().Ticket;
        _bench.Services.Command(Bodies.Command("news", "latest", []), id: 8, session: 70);
        _bench.Settle();
        Assert.Empty(_bench.Told.SelectMany(relay => relay.Frames));
        Return(ticket);
        Assert.Equal((70UL, 8U), _bench.Told.SelectMany(relay => relay.Outcomes).Select(outcome => (outcome.Session, outcome.Id)).Single());
        _bench.Told.Clear();

        Give("latest", []);
        Assert.Equal((ErrorCode.None, "done"), _bench.Outcome());
        _bench.Pass(OutcomeMemory.KeptMilliseconds + 1000);
        _bench.Told.Clear();
        Give("latest", []);
        Assert.NotEqual(ticket, _bench.Call().Ticket);
    }

    [Fact]
    public void Command_AnotherMaster_IsGivenAgainWithTheSameKey()
    {
        Give("latest", []);
        string key = _bench.Call().Key;
        _bench.Bench.Own(2);
        EdgeVoice services = _bench.Bench.Edge("c-0003");
        services.Register("news", Bodies.News());
        services.Command(Bodies.Command("news", "latest", []));
        _bench.Settle();
        Assert.Equal(key, _bench.Call().Key);
    }

    [Fact]
    public void Command_BeforeTheStoreIsRead_IsToComeAgain()
    {
        _bench.Bench.Claim(2);
        EdgeVoice users = _bench.Bench.Edge("c-0003");
        users.Command(Bodies.Command("news", "latest", []));
        _bench.Settle();
        Assert.Equal(ErrorCode.Unavailable, _bench.Outcome().Code);

        _bench.Bench.List(2);
        users.Command(Bodies.Command("news", "", []));
        _bench.Settle();
        Assert.Contains("/news latest", _bench.Outcome().Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Must", "R-CMD-14")]
    public void Command_ToldToARoom_IsAMessageOfTheCallerThere()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        Give("comment", ["fine"], channel: Room, item: "item-1", number: 12);
        var call = _bench.Call();
        Assert.Equal((Room, "fine"), (call.Channel, Assert.Single(call.Arguments)));
        Return(call.Ticket, "alice said: fine");
        Assert.Equal((ErrorCode.None, ""), _bench.Outcome());

        var message = Assert.Single(_bench.Messages(Room), message => message.Kind == MessageKind.Result);
        Assert.Equal((12UL, "alice"), (message.Number, message.From));
        Assert.Equal(DecodeStatus.Ok, ResultPayload.TryDecode(message.Payload, out ResultPayload result));
        Assert.Equal(("news", "comment", "item-1", "alice said: fine"), (Text(result.Service), Text(result.Verb), Text(result.Item), Text(result.Text)));

        // Told before by an owner that is no more.
        _bench.Bench.Own(2);
        EdgeVoice users = _bench.Bench.Edge("c-0003");
        users.Command(Bodies.Command("news", "comment", ["fine"], Room, "item-1", number: 12));
        _bench.Settle();
        Assert.Equal(ErrorCode.None, _bench.Outcome().Code);
        Assert.Single(_bench.Logged(Room, MessageKind.Result));
    }

    [Fact]
    [Trait("Must", "R-CMD-10")]
    public void Command_ToARoomThatHasNotLetTheServiceIn_IsForbiddenAndTheServiceNotAsked()
    {
        Give("comment", ["fine"], channel: Room, item: "item-1");
        Assert.DoesNotContain(_bench.Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Call);
        Assert.Equal(ErrorCode.Forbidden, _bench.Outcome().Code);

        Give("latest", [], channel: Room, number: 2);
        Assert.Equal("", _bench.Call().Channel);
    }

    [Fact]
    public void Command_ByWhoMayNotSpeak_IsRefusedAsHisMessagesAre()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        _bench.Change(Room, RoomControl.Mute("alice", 60));
        Give("comment", ["fine"], channel: Room, item: "item-1");
        Assert.Equal(ErrorCode.Muted, _bench.Outcome().Code);

        Give("comment", ["fine"], channel: Room, item: "item-1", user: "bob", number: 2);
        ulong ticket = _bench.Call().Ticket;
        _bench.Change(Room, RoomControl.Mute("bob", 60));
        Return(ticket);
        Assert.Equal(ErrorCode.Muted, _bench.Outcome().Code);
        Assert.Empty(_bench.Logged(Room, MessageKind.Result));
    }

    [Fact]
    public void Command_InSlowMode_WaitsItsTurn()
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        _bench.Change(Room, RoomControl.Set(RoomSetting.SlowModeMilliseconds, 5000));
        Give("comment", ["fine"], channel: Room, item: "item-1");
        Return(_bench.Call().Ticket);
        Assert.Equal(ErrorCode.None, _bench.Outcome().Code);
        Give("comment", ["more"], channel: Room, item: "item-1", number: 2);
        Assert.Equal(ErrorCode.SlowMode, _bench.Outcome().Code);
    }

    [Fact]
    public void Command_SharedToAnotherRoom_IsToldThere()
    {
        _bench.Change("other", RoomControl.Invite("news"));
        Give("share", ["other"], channel: Room, item: "item-1");
        Return(_bench.Call().Ticket);
        Assert.Equal(ErrorCode.None, _bench.Outcome().Code);
        Assert.Single(_bench.Logged("other", MessageKind.Result));
        Assert.Empty(_bench.Logged(Room, MessageKind.Result));
    }

    [Theory]
    [InlineData("one two three", "one two three")]
    [InlineData("say \"two words\" now", "say \"two words\" now")]
    public void Line_RestOfTheLine_IsOneArgumentAsItIs(string rest, string argument)
    {
        _bench.Change(Room, RoomControl.Invite("news"));
        _bench.Users.Command(Bodies.Command("news", "comment", [rest], Room, "item-1"), isLine: true);
        _bench.Settle();
        Assert.Equal(argument, Assert.Single(_bench.Call().Arguments));
    }

    public void Dispose() => _bench.Dispose();

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);

    private void Give(string verb, string[] arguments, string? channel = null, string item = "", ulong number = 1, string user = "alice", string service = "news")
    {
        _bench.Users.Command(Bodies.Command(service, verb, arguments, channel, item, number), user);
        _bench.Settle();
    }

    private void Return(ulong ticket, string text = "done", ReturnStatus status = ReturnStatus.Done)
    {
        _bench.Services.Return("news", Bodies.Return(ticket, text, status));
        _bench.Settle();
    }

    private ErrorCode ServiceError()
    {
        byte[] body = Assert.Single(_bench.Told.SelectMany(relay => relay.Frames), frame => frame.Type == FrameType.Error).Body;
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(body, out ErrorBody error));
        return error.Code;
    }
}
