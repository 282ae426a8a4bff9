using RelayServer.Master.Services;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>Who is told that a service has come, or has been gone for a while, and when.</summary>
public sealed class ServicePresenceTests : IDisposable
{
    private const string Room = ServiceBench.Room;
    private const string Headlines = "news.headlines";

    private readonly ServiceBench _bench = new();

    [Fact]
    [Trait("Must", "R-SVC-11")]
    [Trait("Must", "R-SVC-12")]
    public void Services_ComeAndGo_IsToldToThoseConcerned()
    {
        _bench.Users.Interest("unconcerned");
        _bench.Subscribe(Room, Headlines, []);
        _bench.Pass(500);
        _bench.Told.Clear();
        _bench.Services.Register("news", [], session: 50);
        _bench.Pass(1500);
        Assert.Empty(_bench.Told.SelectMany(relay => relay.Services));
        _bench.Pass(1000);
        Assert.Equal([(Room, "news", false)], _bench.Told.SelectMany(relay => relay.Services));
        _bench.Told.Clear();
        _bench.Services.Register("news", Bodies.News());
        _bench.Pass(500);
        Assert.Equal([(Room, "news", true)], _bench.Told.SelectMany(relay => relay.Services));
    }

    [Fact]
    public void Services_ManyComeTogether_TheFirstIsToldAtOnceAndTheOthersALittleLater()
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"s{i}")];
        foreach (string name in names)
        {
            _bench.Services.Register(name, Bodies.News(name));
            _bench.Subscribe(Room, $"{name}.headlines", []);
        }

        _bench.Services.Register("", [], session: 50);
        _bench.Pass(ServiceDesk.WaitMilliseconds + 500);
        _bench.Told.Clear();
        Array.ForEach(names, name => _bench.Services.Register(name, Bodies.News(name)));
        _bench.Settle();
        Assert.Equal([(Room, "s0", true)], _bench.Told.SelectMany(relay => relay.Services));
        _bench.Pass(500);
        Assert.Equal([.. names.Select(name => (Room, name, true))], _bench.Told.SelectMany(relay => relay.Services));
    }

    [Fact]
    public void Service_CameBeforeItWasLetIn_IsNotSaidToCome()
    {
        _bench.Pass(500);
        _bench.Services.Register("shop", Bodies.News("shop"));
        _bench.Subscribe(Room, "shop.headlines", []);
        _bench.Pass(500);
        Assert.Empty(_bench.Told.SelectMany(relay => relay.Services));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Must", "R-SVC-11")]
    public void Services_ThereBeforeAndAfterATakeover_AreNotSaidToCome(bool comesBeforeAllIsRead)
    {
        EdgeVoice edge = TakeOver(comesBeforeAllIsRead ? Come : _ => { });
        if (!comesBeforeAllIsRead)
        {
            Come(edge);
        }

        Pass(edge, 2 * ServiceDesk.WaitMilliseconds);
        Assert.Empty(_bench.Told.SelectMany(relay => relay.Services));

        static void Come(EdgeVoice edge)
        {
            edge.Register("news", Bodies.News(), session: 70);
            edge.Register("shop", Bodies.News("shop"), session: 71);
        }
    }

    [Fact]
    [Trait("Must", "R-SVC-11")]
    public void Services_GoneSinceATakeover_AreSaidToBe()
    {
        EdgeVoice edge = TakeOver(_ => { });
        edge.Register("shop", Bodies.News("shop"));
        Pass(edge, ServiceDesk.WaitMilliseconds - 500);
        Assert.Empty(_bench.Told.SelectMany(relay => relay.Services));
        Pass(edge, 1500);
        Assert.Equal([(Room, "news", false)], _bench.Told.SelectMany(relay => relay.Services));
    }

    public void Dispose() => _bench.Dispose();

    // A new owner, whose edge has the room and says something before all that is saved was read.
    private EdgeVoice TakeOver(Action<EdgeVoice> meanwhile)
    {
        _bench.Services.Register("shop", Bodies.News("shop"), session: 51);
        _bench.Subscribe(Room, Headlines, []);
        _bench.Subscribe(Room, "shop.headlines", []);
        _bench.Pass(500);
        _bench.Told.Clear();
        _bench.Bench.Claim(2);
        EdgeVoice edge = _bench.Bench.Edge("c-0003");
        edge.Interest(Room);
        _bench.Settle();
        meanwhile(edge);
        Pass(edge, 500);
        _bench.Bench.List(2);
        return edge;
    }

    private void Pass(EdgeVoice edge, ulong milliseconds)
    {
        _bench.Told.AddRange(_bench.Bench.Pass(milliseconds, edge));
        _bench.Settle();
    }
}
