using System.Text;
using RelayServer.Master.Services;
using RelayServer.Protocol;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>Services register under the name of their token, with a definition that holds for all their instances.</summary>
public sealed class RegistrationTests : IDisposable
{
    private readonly ServiceBench _bench = new(hasNews: false);

    [Fact]
    [Trait("Must", "R-SVC-3")]
    public void Register_Definition_IsAnsweredWithTheNumberOfInstances()
    {
        _bench.Services.Register("news", Bodies.News(), correlation: 4);
        _bench.Users.Register("news", Bodies.News(), session: 60, correlation: 5);
        _bench.Settle();
        Assert.Equal([(FrameType.Registered, 4U, 1U), (FrameType.Registered, 5U, 2U)], Frames().Select(frame => (frame.Type, frame.Correlation, Instances(frame.Body))).OrderBy(frame => frame.Correlation));
    }

    [Fact]
    [Trait("Must", "R-SVC-2")]
    public void Register_OtherNameThanTheToken_IsForbidden()
    {
        _bench.Services.Register("music", Bodies.News());
        _bench.Settle();
        Assert.Equal(ErrorCode.Forbidden, Error());
    }

    [Theory]
    [InlineData("help", "Help")]
    [InlineData("News", "News")]
    [InlineData("news", "")]
    [InlineData("news", "bell\a")]
    [InlineData("news", "two\n/bank  lines")]
    [Trait("Must", "R-SVC-4")]
    public void Register_DefinitionThatCannotBe_IsRefusedAndTheOneBeforeStays(string name, string title)
    {
        _bench.Services.Register("news", Bodies.News());
        _bench.Settle();
        _bench.Told.Clear();
        _bench.Services.Register(name, Bodies.News(name, title: title));
        _bench.Settle();
        Assert.Equal(ErrorCode.BadArgument, Error());
        _bench.Told.Clear();
        _bench.Users.Command(Bodies.Command("news", "latest", []));
        _bench.Settle();
        _bench.Call();
    }

    [Fact]
    [Trait("Must", "R-SVC-4")]
    public void Register_DeadlineAboveTheBound_IsRefused()
    {
        _bench.Services.Register("news", Bodies.News(deadlineMilliseconds: 60_001));
        _bench.Settle();
        Assert.Equal(ErrorCode.BadArgument, Error());
    }

    [Fact]
    [Trait("Must", "R-SVC-5")]
    public void Register_MoreThanThereMayBe_IsConflict()
    {
        for (ulong session = 0; session < ServiceDesk.InstancesMax; session++)
        {
            _bench.Services.Register("news", Bodies.News(), session: 100 + session);
            _bench.Settle();
        }

        _bench.Told.Clear();
        _bench.Services.Register("news", Bodies.News(title: "Refused"), session: 99);
        _bench.Settle();
        Assert.Equal(ErrorCode.Conflict, Error());
        Assert.Equal(["News"], Titles(""));
        for (int i = 1; i < ServiceDirectory.ServicesMax; i++)
        {
            _bench.Services.Register($"s{i}", Bodies.News($"s{i}"), session: 1000 + (ulong)i);
            _bench.Settle();
        }

        _bench.Told.Clear();
        _bench.Services.Register("more", Bodies.News("more"), session: 99);
        _bench.Settle();
        Assert.Equal(ErrorCode.Conflict, Error());
    }

    [Fact]
    [Trait("Must", "R-SVC-6")]
    public void Register_OneMoreThanThereMayBe_TakesThePlaceOfTheOneThatNobodyNeedsForLongest()
    {
        for (int i = 0; i < ServiceDirectory.ServicesMax; i++)
        {
            _bench.Services.Register($"s{i}", Bodies.News($"s{i}"), session: 1000 + (ulong)i);
            _bench.Settle();
        }

        _bench.Subscribe(ServiceBench.Room, "s2.headlines", []);
        foreach (int gone in (int[])[2, 3, 1])
        {
            _bench.Services.Register($"s{gone}", [], session: 1000 + (ulong)gone);
            _bench.Pass(1000);
        }

        // As soon as those who have let it in know that it is away.
        _bench.Pass(ServiceDesk.WaitMilliseconds);
        Assert.Equal(FrameType.Registered, RegisterOne("more1"));
        Assert.Equal((true, false, true), (IsSaved("s1"), IsSaved("s3"), IsSaved("s2")));
        Assert.Equal(FrameType.Registered, RegisterOne("more2"));
        Assert.Equal((false, false, true), (IsSaved("s1"), IsSaved("s3"), IsSaved("s2")));
        Assert.Equal(FrameType.Error, RegisterOne("more3"));

        // Nor does an owner that has yet to read who has subscribed forget anybody.
        _bench.Bench.Claim(2);
        EdgeVoice edge = _bench.Bench.Edge("c-0003");
        edge.Register("more4", Bodies.News("more4"));
        _bench.Bench.List(2);
        _bench.Settle();
        Assert.True(IsSaved("s2"));

        bool IsSaved(string service) => _bench.Bench.IsSaved("service:" + service);
    }

    [Fact]
    [Trait("Must", "R-SVC-6")]
    public void Register_AnotherDefinition_HoldsForAllAndStaysWhenAllHaveGone()
    {
        _bench.Services.Register("news", Bodies.News(title: "Old"));
        _bench.Users.Register("news", Bodies.News(title: "New"), session: 60);
        _bench.Services.Register("news", []);
        _bench.Users.Register("news", [], session: 60);
        _bench.Settle();
        Assert.Equal(["New"], Titles(""));
        _bench.Bench.Own(2);
        EdgeVoice users = _bench.Bench.Edge("c-0003");
        users.Query(Bodies.Query(QueryKind.Menu));
        _bench.Settle();
        Assert.Equal(["New"], TitlesTold());
    }

    [Theory]
    [InlineData("", "News")]
    [InlineData("fr", "News")]
    [InlineData("de", "Nachrichten")]
    [InlineData("de-AT", "Nachrichten")]
    [InlineData("DE-at", "Nachrichten")]
    [Trait("Must", "R-MENU-2")]
    public void Menu_InALanguage_HasItsTextsOrTheUsualOnes(string locale, string title)
    {
        _bench.Services.Register("news", Bodies.News());
        _bench.Settle();
        Assert.Equal([title], Titles(locale));
    }

    public void Dispose() => _bench.Dispose();

    private static uint Instances(byte[] body)
    {
        Assert.Equal(DecodeStatus.Ok, RegisteredBody.TryDecode(body, out RegisteredBody registered));
        return registered.Instances;
    }

    private List<(ulong Session, FrameType Type, uint Correlation, byte[] Body)> Frames() => [.. _bench.Told.SelectMany(relay => relay.Frames)];

    private ErrorCode Error()
    {
        Assert.Equal(DecodeStatus.Ok, ErrorBody.TryDecode(Assert.Single(Frames()).Body, out ErrorBody error));
        return error.Code;
    }

    private FrameType RegisterOne(string name)
    {
        _bench.Told.Clear();
        _bench.Services.Register(name, Bodies.News(name), session: 2000 + (ulong)name[^1]);
        _bench.Settle();
        return Assert.Single(Frames()).Type;
    }

    private List<string> Titles(string locale)
    {
        _bench.Told.Clear();
        _bench.Users.Query(Bodies.Query(QueryKind.Menu, locale: locale));
        _bench.Settle();
        return TitlesTold();
    }

    private List<string> TitlesTold()
    {
        Assert.Equal(DecodeStatus.Ok, MenuBody.TryDecode(_bench.Told.SelectMany(relay => relay.Answers).Last().Body, out MenuBody menu));
        List<string> titles = [];
        foreach (MenuEntry entry in menu.Entries)
        {
            titles.Add(Encoding.UTF8.GetString(entry.Title));
        }

        return titles;
    }
}
