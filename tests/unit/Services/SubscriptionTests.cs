using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>Subscriptions of rooms and inboxes: made, changed, kept, ended in time; and who gets which update.</summary>
public sealed class SubscriptionTests : IDisposable
{
    private const string Room = ServiceBench.Room;
    private const string Headlines = "news.headlines";
    private const ulong HourMilliseconds = 3_600_000;

    private readonly ServiceBench _bench = new();
    private ulong _number;

    [Fact]
    [Trait("Must", "R-UPD-5")]
    [Trait("Must", "R-UPD-6")]
    public void Update_OfATopic_ComesToThoseWhoWantItOnceEach()
    {
        _bench.Subscribe(Room, Headlines, ["world"]);
        _bench.Subscribe("other", Headlines, ["economy"]);
        _bench.Subscribe("all", Headlines, []);
        _bench.Subscribe("inbox:alice", Headlines, ["world", "economy"], user: "alice", role: Role.Member);

        Publish("world");
        Publish("economy");
        Publish("world", "economy");
        Publish();
        Assert.Equal([1, 3], _bench.Logged(Room, MessageKind.Update));
        Assert.Equal([2, 3], _bench.Logged("other", MessageKind.Update));
        Assert.Equal([1, 2, 3, 4], _bench.Logged("all", MessageKind.Update));
        Assert.Equal([1, 2, 3], _bench.Logged("inbox:alice", MessageKind.Update));
    }

    [Fact]
    public void Update_NobodyOfAnEdgeWantsIt_TheEdgeIsToldNothing()
    {
        _bench.Subscribe(Room, Headlines, ["economy"]);
        Publish("world");
        Assert.DoesNotContain(_bench.Told, relay => relay.To == _bench.Users.Address && relay.Delivered.Count > 0);
        Publish("economy");
        Assert.Contains(_bench.Told, relay => relay.To == _bench.Users.Address && relay.Delivered.Count == 1);
    }

    [Fact]
    [Trait("Must", "R-UPD-4")]
    public void Update_SentAgain_ComesOnce()
    {
        _bench.Subscribe(Room, Headlines, []);
        Publish("world");
        _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, ["world"]), 1);
        _bench.Settle();
        Assert.Equal([1], _bench.Logged(Room, MessageKind.Update));
    }

    [Fact]
    [Trait("Must", "R-UPD-5")]
    public void Update_StagedWhileAFlushIsOnItsWay_IsHandedOnWhenItIsInTheLog()
    {
        _bench.Subscribe(Room, Headlines, []);
        Publish();
        _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, []), ++_number);
        _bench.Bench.Build();
        _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, []), ++_number);

        // What is read now has the second, and the third not yet.
        _bench.Bench.Core.FlushDone();
        _bench.Bench.Load();
        _bench.Settle();

        Assert.Equal([1, 2, 3], _bench.Logged(Room, MessageKind.Update));
    }

    [Fact]
    public void Update_OwnerEndsBeforeItIsHandedOn_NextOwnerHandsItOnOnce()
    {
        _bench.Subscribe(Room, Headlines, []);
        Publish("world");
        _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, ["world"], "item-2"), 2);
        _bench.Bench.Load();
        _bench.Bench.Flush();
        Assert.Equal([1], _bench.Logged(Room, MessageKind.Update));

        _bench.Bench.Own(2);
        _bench.Settle();
        Assert.Equal([1, 2], _bench.Logged(Room, MessageKind.Update));
        _bench.Bench.Own(3);
        _bench.Settle();
        Assert.Equal([1, 2], _bench.Logged(Room, MessageKind.Update));
    }

    [Fact]
    public void Update_OlderThanTheSubscription_IsNotHandedOnByTheNextOwner()
    {
        _bench.Subscribe("all", Headlines, []);
        _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, ["world"]), 1);
        _bench.Bench.Load();
        _bench.Bench.Flush();
        _bench.Bench.Own(2);
        _bench.Bench.Now += 10;
        EdgeVoice users = _bench.Bench.Edge("c-0003");
        users.Control("late", RoomControl.Subscribe(Headlines, []), 5);
        _bench.Settle();
        Assert.Equal([1], _bench.Logged("all", MessageKind.Update));
        Assert.Empty(_bench.Logged("late", MessageKind.Update));
    }

    [Fact]
    [Trait("Must", "R-SUB-3")]
    [Trait("Must", "R-SUB-4")]
    public void Subscribe_Again_TakesThePlaceOfTheOneBefore()
    {
        _bench.Subscribe(Room, Headlines, ["world"]);
        _bench.Subscribe(Room, Headlines, ["economy"]);
        Publish("world");
        Publish("economy");
        Assert.Equal([2], _bench.Logged(Room, MessageKind.Update));
        Assert.Equal(["economy"], Assert.Single(_bench.Bench.Saved(Room).Subscriptions).Subjects);

        _bench.Change(Room, RoomControl.Unsubscribe(Headlines));
        Publish("economy");
        Assert.Equal([2], _bench.Logged(Room, MessageKind.Update));
        _bench.Change(Room, RoomControl.Unsubscribe(Headlines), refused: ErrorCode.NotFound);
    }

    [Theory]
    [InlineData("weather.storms", new string[0], 0UL, ErrorCode.NotFound)]
    [InlineData("news.nothing", new string[0], 0UL, ErrorCode.NotFound)]
    [InlineData("news.headlines", new[] { "sport" }, 0UL, ErrorCode.NotFound)]
    [InlineData("news.headlines", new[] { "world", "world" }, 0UL, ErrorCode.BadArgument)]
    [InlineData("news.headlines", new[] { "" }, 0UL, ErrorCode.BadArgument)]
    [InlineData("News", new string[0], 0UL, ErrorCode.BadArgument)]
    [InlineData("news.headlines", new string[0], 999UL, ErrorCode.BadArgument)]
    [InlineData("news.headlines", new string[0], 1_000_000_000_000_000UL, ErrorCode.BadArgument)]
    [Trait("Must", "R-SUB-2")]
    public void Subscribe_ToWhatCannotBe_IsRefused(string topic, string[] subjects, ulong expiresAt, ErrorCode code) =>
        _bench.Subscribe(Room, topic, subjects, expiresAt, refused: code);

    [Fact]
    public void Subscribe_OpenTopic_TakesAnySubject()
    {
        _bench.Subscribe(Room, "news.alerts", ["köln", "whatever"]);
        _bench.Services.Update("topic:news.alerts", Bodies.Update("news.alerts", ["köln"]), 1);
        _bench.Settle();
        Assert.Equal([1], _bench.Logged(Room, MessageKind.Update));
    }

    [Fact]
    public void Subscribe_MoreThanARoomHas_IsRefused()
    {
        for (int i = 0; i <= RoomLimits.SubscriptionsMax / 32; i++)
        {
            _bench.Services.Register($"s{i}", Bodies.News($"s{i}"), session: 100 + (ulong)i);
        }

        _bench.Settle();
        var state = new RoomState();
        for (int i = 0; i < RoomLimits.SubscriptionsMax; i++)
        {
            Assert.Null(state.Apply(RoomControl.Subscribe($"news.topic{i}", []), "olga"u8, Role.Operator, 1000));
        }

        _bench.Bench.Save("full", state);
        _bench.Subscribe("full", Headlines, [], refused: ErrorCode.Conflict);
    }

    [Theory]
    [InlineData(Room, "bob", Role.Member, null)]
    [InlineData(Room, "bob", Role.Viewer, ErrorCode.Forbidden)]
    [InlineData("inbox:alice", "alice", Role.Viewer, null)]
    [InlineData("inbox:alice", "alice", Role.Member, null)]
    [InlineData("inbox:alice", "bob", Role.Member, ErrorCode.Forbidden)]
    [InlineData("inbox:alice", "olga", Role.Operator, ErrorCode.Forbidden)]
    [InlineData("topic:news.headlines", "olga", Role.Operator, ErrorCode.Forbidden)]
    [Trait("Must", "R-SUB-1")]
    public void Subscribe_ByWhom_IsAsTheTableSays(string channel, string user, Role role, ErrorCode? refused) =>
        _bench.Subscribe(channel, Headlines, [], user: user, role: role, refused: refused);

    [Fact]
    public void Subscribe_InARoomThatIsSomebodys_IsForItsModerators()
    {
        _bench.Change("own", RoomControl.Create("Own"), user: "hanna", role: Role.Member);
        _bench.Subscribe("own", Headlines, [], user: "bob", role: Role.Member, refused: ErrorCode.Forbidden);
        _bench.Subscribe("own", Headlines, [], user: "hanna", role: Role.Member);
        _bench.Change("own", RoomControl.Appoint("bob", Role.Moderator), user: "hanna", role: Role.Member);
        _bench.Change("own", RoomControl.Unsubscribe(Headlines), user: "bob", role: Role.Member);
    }

    [Fact]
    public void Inbox_AnythingButSubscriptions_IsForbidden() =>
        _bench.Change("inbox:alice", RoomControl.Notice("mine"), user: "alice", role: Role.Operator, refused: ErrorCode.Forbidden);

    [Fact]
    [Trait("Must", "R-SUB-5")]
    [Trait("Must", "R-SUB-6")]
    public void Expiry_OfAnHour_IsToldBeforeAndAtTheEnd()
    {
        ulong ends = _bench.Bench.Now + HourMilliseconds;
        _bench.Subscribe(Room, Headlines, [], ends);
        _bench.Subscribe("inbox:alice", Headlines, [], ends, "alice", Role.Member);
        _bench.Pass(HourMilliseconds - (HourMilliseconds / 10) - 2000);
        Assert.Empty(Notices(Room));
        _bench.Pass(4000);
        Assert.Equal([(SubscriptionEvent.EndsSoon, Headlines, ends)], Notices(Room));
        Publish("world");
        _bench.Pass((HourMilliseconds / 10) + 2000);
        Assert.Equal([(SubscriptionEvent.EndsSoon, Headlines, ends), (SubscriptionEvent.Ended, Headlines, ends)], Notices(Room));
        Assert.Equal(Notices(Room), Notices("inbox:alice"));

        Publish("world");
        Assert.Equal([1], _bench.Logged(Room, MessageKind.Update));
        Assert.Empty(_bench.Bench.Saved(Room).Subscriptions);
    }

    [Fact]
    public void Expiry_Renewed_IsToldLater()
    {
        ulong ends = _bench.Bench.Now + HourMilliseconds;
        _bench.Subscribe(Room, Headlines, [], ends);
        _bench.Subscribe(Room, Headlines, [], ends + HourMilliseconds);
        _bench.Pass(HourMilliseconds + 2000);
        Assert.Empty(Notices(Room));
        Assert.Single(_bench.Bench.Saved(Room).Subscriptions);
    }

    [Fact]
    public void Expiry_WhileNobodyOwnsIt_IsToldByTheNextOwner()
    {
        _bench.Subscribe(Room, Headlines, [], _bench.Bench.Now + HourMilliseconds);
        _bench.Bench.Now += 2 * HourMilliseconds;
        _bench.Bench.Own(2);
        _bench.Pass(2000);
        Assert.Equal([SubscriptionEvent.EndsSoon, SubscriptionEvent.Ended], Notices(Room).Select(notice => notice.Event));
    }

    [Fact]
    [Trait("Must", "R-MENU-1")]
    [Trait("Must", "R-MENU-3")]
    [Trait("Must", "R-MENU-4")]
    public void Menu_OfServicesTopicsAndSubjects_TellsWhatIsChosen()
    {
        _bench.Subscribe(Room, Headlines, ["world"]);
        Assert.Equal(["Service news Available, Chosen"], Menu(Bodies.Query(QueryKind.Menu, Room)));
        Assert.Equal(["Service news Available"], Menu(Bodies.Query(QueryKind.Menu)));
        Assert.Equal(
            ["Verb comment AnswersRoom, NeedsItem", "Verb latest None", "Verb share AnswersRoom, NeedsItem", "Topic news.alerts Open", "Topic news.headlines Chosen"],
            Menu(Bodies.Query(QueryKind.Menu, Room, "news")));
        Assert.Equal(["Subject economy None", "Subject world Chosen"], Menu(Bodies.Query(QueryKind.Menu, Room, "news", Headlines)));
        Assert.Equal(["Topic news.headlines Chosen"], Menu(Bodies.Query(QueryKind.Menu, Room, "news", after: "news.alerts", afterKind: MenuKind.Topic)));
        Assert.Equal(["Verb comment AnswersRoom, NeedsItem", "more"], Menu(Bodies.Query(QueryKind.Menu, Room, "news", max: 1)));

        _bench.Users.Query(Bodies.Query(QueryKind.Menu, Room, "weather"));
        _bench.Users.Query(Bodies.Query(QueryKind.Menu, Room, "news", "sport"));
        _bench.Settle();
        Assert.Equal([ErrorCode.UnknownService, ErrorCode.NotFound], _bench.Told.SelectMany(relay => relay.Refusals).Select(refusal => refusal.Code));
    }

    [Fact]
    public void Menu_NoInstance_SaysSo()
    {
        _bench.Services.Register("news", [], session: 50);
        _bench.Settle();
        Assert.Equal(["Service news None"], Menu(Bodies.Query(QueryKind.Menu)));
        _bench.Bench.Own(2);
        _bench.Settle();
        EdgeVoice users = _bench.Bench.Edge("c-0003");
        users.Query(Bodies.Query(QueryKind.Menu));
        _bench.Settle();
        Assert.Single(_bench.Told.SelectMany(relay => relay.Answers));
    }

    [Fact]
    [Trait("Must", "R-SUB-7")]
    public void Subscriptions_Asked_AreThoseOfTheRoomOrOfTheOwnInbox()
    {
        _bench.Subscribe(Room, Headlines, ["world"], _bench.Bench.Now + HourMilliseconds);
        _bench.Subscribe(Room, "news.alerts", []);
        _bench.Subscribe("inbox:alice", "news.alerts", ["köln"], user: "alice", role: Role.Member);
        Assert.Equal(["news.alerts [] by olga", "news.headlines [world] by olga"], Subscriptions(Room));
        Assert.Equal(["news.alerts [köln] by alice"], Subscriptions(null));

        _bench.Users.Query(Bodies.Query(QueryKind.Subscriptions, "inbox:bob"));
        _bench.Settle();
        Assert.Equal(ErrorCode.Forbidden, Assert.Single(_bench.Told.SelectMany(relay => relay.Refusals)).Code);
    }

    public void Dispose() => _bench.Dispose();

    private void Publish(params string[] subjects)
    {
        _bench.Told.Clear();
        _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, subjects), ++_number);
        _bench.Settle();
    }

    private List<(SubscriptionEvent Event, string Topic, ulong EndsAt)> Notices(string channel)
    {
        List<(SubscriptionEvent, string, ulong)> notices = [];
        foreach (var message in _bench.Messages(channel).Where(message => message.Kind == MessageKind.Subscription))
        {
            Assert.Equal(DecodeStatus.Ok, SubscriptionPayload.TryDecode(message.Payload, out SubscriptionPayload notice));
            notices.Add((notice.Event, Encoding.UTF8.GetString(notice.Topic), notice.ExpiresAtMilliseconds));
        }

        return notices;
    }

    private List<string> Menu(byte[] query)
    {
        _bench.Told.Clear();
        _bench.Users.Query(query);
        _bench.Settle();
        byte[] answer = Assert.Single(_bench.Told.SelectMany(relay => relay.Answers)).Body;
        _bench.Told.Clear();
        Assert.Equal(DecodeStatus.Ok, MenuBody.TryDecode(answer, out MenuBody menu));
        List<string> lines = [];
        foreach (MenuEntry entry in menu.Entries)
        {
            lines.Add($"{entry.Kind} {Encoding.UTF8.GetString(entry.Name)} {entry.Flags}");
        }

        return menu.HasMore ? [.. lines, "more"] : lines;
    }

    private List<string> Subscriptions(string? channel)
    {
        _bench.Told.Clear();
        _bench.Users.Query(Bodies.Query(QueryKind.Subscriptions, channel));
        _bench.Settle();
        byte[] answer = Assert.Single(_bench.Told.SelectMany(relay => relay.Answers)).Body;
        _bench.Told.Clear();
        Assert.Equal(DecodeStatus.Ok, SubscriptionListBody.TryDecode(answer, out SubscriptionListBody body));
        List<string> lines = [];
        foreach (SubscriptionEntry entry in body.Subscriptions)
        {
            List<string> subjects = [];
            foreach (SubjectName subject in entry.Subjects)
            {
                subjects.Add(Encoding.UTF8.GetString(subject.Value));
            }

            lines.Add($"{Encoding.UTF8.GetString(entry.Topic)} [{string.Join(',', subjects)}] by {Encoding.UTF8.GetString(entry.By)}");
        }

        return lines;
    }
}
