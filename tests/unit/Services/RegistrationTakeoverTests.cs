using RelayServer.Master.Services;
using RelayServer.Protocol;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>A new owner of a service's name hears of its instances from their edges, one after the other: who comes first has no better right.</summary>
public sealed class RegistrationTakeoverTests : IDisposable
{
    private readonly ServiceBench _bench = new(hasNews: false);
    private EdgeVoice _edge;
    private ulong _session = 1000;

    public RegistrationTakeoverTests()
    {
        _edge = _bench.Services;
        Assert.All(Names(), name => Assert.Equal(FrameType.Registered, Register(name)));
    }

    [Fact]
    [Trait("Must", "R-SVC-5")]
    public void Register_BeforeAllThatRunAreBackAtANewOwner_PushesNoneOfThemOut()
    {
        _bench.Bench.Own(2);
        _edge = _bench.Bench.Edge("c-0003");
        Assert.Equal(FrameType.Error, Register("more"));
        Assert.All(Names(), name => Assert.Equal(FrameType.Registered, Register(name)));
    }

    [Fact]
    [Trait("Must", "R-SVC-5")]
    public void Register_BeforeANewOwnerHasReadWhoIsThere_RefusesNobody()
    {
        _bench.Bench.Claim(2);
        _edge = _bench.Bench.Edge("c-0003");
        Assert.Equal(FrameType.Registered, Register("more"));
        Assert.All(Names(), name => Assert.Equal(FrameType.Registered, Register(name)));
        _bench.Bench.List(2);
        Assert.Equal(FrameType.Error, Register("evenmore"));
    }

    [Fact]
    [Trait("Must", "R-SVC-5")]
    public void Register_MoreThanThereMayBeSinceATakeover_MakesRoomForAllThatAreTooMany()
    {
        _bench.Bench.Claim(2);
        _edge = _bench.Bench.Edge("c-0003");
        Register("more");
        _bench.Bench.List(2);
        _bench.Told.AddRange(_bench.Bench.Pass(2 * ServiceDesk.WaitMilliseconds, _edge));
        Assert.Equal(FrameType.Registered, Register("evenmore"));
        Assert.Equal(ServiceDirectory.ServicesMax, _bench.Bench.RecordsOf(ServiceDirectory.RecordPrefix).Count());
    }

    public void Dispose() => _bench.Dispose();

    private static IEnumerable<string> Names() => Enumerable.Range(0, ServiceDirectory.ServicesMax).Select(i => $"s{i}");

    private FrameType Register(string name)
    {
        _edge.Register(name, Bodies.News(name), session: ++_session);
        List<RelayView> told = _bench.Bench.Flush();
        _edge.Confirmed = Math.Max(_edge.Confirmed, told.Where(relay => relay.To == _edge.Address).Select(relay => relay.RelayNo).LastOrDefault());
        return Assert.Single(told.SelectMany(relay => relay.Frames)).Type;
    }
}
