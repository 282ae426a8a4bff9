using RelayServer.Protocol;
using RelayServer.UnitTests.Master;

namespace RelayServer.UnitTests.Services;

/// <summary>How far the updates of a topic have been handed on is kept for as long as its service has the topic, or there are updates to hand on.</summary>
public sealed class TopicMemoryTests : IDisposable
{
    private const string Room = ServiceBench.Room;
    private const string Alerts = "news.alerts";
    private const string RecordOfAlerts = "fanout:" + Alerts;

    private readonly ServiceBench _bench = new(hasNews: false);
    private ulong _number;

    private MasterBench Master => _bench.Bench;

    [Fact]
    public void Register_OtherTopicsAgainAndAgain_LeavesNothingOfThoseBefore()
    {
        for (int i = 0; i < 100; i++)
        {
            Register($"topic{i}");
            Tell($"news.topic{i}");
            _bench.Settle();
        }

        Assert.Equal(["fanout:news.topic99"], Master.RecordsOf("fanout:"));
        Assert.Equal(1, Master.Core.TopicCount);
    }

    [Fact]
    public void Register_WithoutATopicOfWhichUpdatesWait_HandsThemOnAndForgetsItThen()
    {
        Register("alerts");
        _bench.Subscribe(Room, Alerts, []);
        Tell(Alerts);
        Master.Load();
        Register("other");
        _bench.Settle();
        Assert.Single(_bench.Logged(Room, MessageKind.Update));
        Assert.Empty(Master.RecordsOf("fanout:"));
    }

    [Fact]
    public void Own_ATopicThatItsServiceHasNoMore_IsHandedOnAndForgotten()
    {
        Register("alerts");
        _bench.Subscribe(Room, Alerts, []);
        Tell(Alerts);
        Master.Load();
        Master.Flush();
        Register("other");

        // Both are in the store, and nothing was handed on yet.
        Master.Flush();
        Assert.True(Master.IsSaved(RecordOfAlerts));
        Master.Own(2);
        _bench.Settle();
        Assert.Single(_bench.Logged(Room, MessageKind.Update));
        Assert.False(Master.IsSaved(RecordOfAlerts));
    }

    [Fact]
    public void Register_ATopicThatWasForgotten_GoesOnWithWhatIsToldFromThereOn()
    {
        Register("alerts");
        _bench.Subscribe(Room, Alerts, []);
        Tell(Alerts);
        _bench.Settle();
        Register("other");
        _bench.Settle();
        Register("alerts");
        Tell(Alerts);
        _bench.Settle();
        Assert.Equal([1UL, 2UL], _bench.Logged(Room, MessageKind.Update));
        Assert.True(Master.IsSaved(RecordOfAlerts));
    }

    public void Dispose() => _bench.Dispose();

    private void Register(string topic) =>
        _bench.Services.Register("news", Bodies.Definition("news", "News", "", [], [Bodies.Topic(topic, isOpen: true)], []));

    private void Tell(string topic) => _bench.Services.Update("topic:" + topic, Bodies.Update(topic, []), ++_number);
}
