using RelayServer.Master.Services;
using RelayServer.Protocol;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>Which rooms are read for what: who enters or asks does not keep updates and endings from their turn, nor the other way round.</summary>
public sealed class OpeningTests : IDisposable
{
    private const string Headlines = "news.headlines";

    private readonly ServiceBench _bench = new();

    [Fact]
    public void Update_WhileCommandsNameRoomsThatAreNotRead_IsHandedOn()
    {
        _bench.Subscribe(ServiceBench.Room, Headlines, []);
        Tell(1);
        _bench.Settle();
        for (ulong number = 1; number <= ChannelOpener.PatientMax; number++)
        {
            _bench.Users.Command(Bodies.Command("news", "latest", [], $"cold-{number}", number: number));
        }

        Tell(2);
        _bench.Bench.Flush();
        _bench.Bench.LoadOnly("");
        _bench.Bench.Flush();
        Assert.Equal([1UL, 2UL], _bench.Logged(ServiceBench.Room, MessageKind.Update));
    }

    [Fact]
    public void Update_ForMoreRoomsThanAreOpenedAtOnce_HasNoMoreOfThemRead()
    {
        for (int i = 0; i < 2 * ChannelOpener.PatientMax; i++)
        {
            _bench.Subscribe($"room-{i}", Headlines, []);
        }

        _bench.Bench.Own(2);
        EdgeVoice services = _bench.Bench.Edge("c-0003");
        services.Register("news", Bodies.News());
        services.Update("topic:" + Headlines, Bodies.Update(Headlines, []), 1);
        for (int i = 0; i < 5; i++)
        {
            _bench.Bench.LoadOnly("topic:" + Headlines);
            _bench.Bench.Flush();
        }

        Assert.Equal(ChannelOpener.PatientMax, _bench.Bench.Core.OpeningCount);
    }

    public void Dispose() => _bench.Dispose();

    private void Tell(ulong number) => _bench.Services.Update("topic:" + Headlines, Bodies.Update(Headlines, []), number);
}
