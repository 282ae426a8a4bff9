using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Hosting;

namespace RelayServer.UnitTests.Host;

/// <summary>The order in which a process starts and stops.</summary>
public sealed class PartSequenceTests
{
    private readonly List<string> _events = [];

    [Fact]
    public async Task StopAsync_Stages_EndInTheReverseOrder()
    {
        PartSequence parts = Sequence([Part("http")], [Part("fabric")], [Part("master")], [Part("edge")]);
        await parts.StartAsync(CancellationToken.None);
        _events.Clear();

        await parts.StopAsync(CancellationToken.None);

        Assert.Equal(["stop edge", "stopped edge", "stop master", "stopped master", "stop fabric", "stopped fabric", "stop http", "stopped http"], _events);
    }

    [Fact]
    public async Task StopAsync_PartsOfOneStage_EndTogetherAndBeforeTheStageBelow()
    {
        var draining = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PartSequence parts = Sequence(
            [Part("master")],
            [new RecordingPart("edge 1", _events) { Stopping = draining.Task }, new RecordingPart("edge 2", _events) { Stopping = draining.Task }]);
        await parts.StartAsync(CancellationToken.None);
        _events.Clear();

        Task stop = parts.StopAsync(CancellationToken.None);
        Assert.Equal(["stop edge 1", "stop edge 2"], _events);
        draining.SetResult();
        await stop;

        Assert.Equal("stop master", _events[4]);
    }

    [Fact]
    public async Task StartAsync_OneCannot_StopsThoseThatRunAndThrows()
    {
        PartSequence parts = Sequence([Part("http")], [Part("fabric"), new RecordingPart("edge", _events) { StartProblem = new StartException("no") }], [Part("never")]);

        await Assert.ThrowsAsync<StartException>(() => parts.StartAsync(CancellationToken.None));

        Assert.Equal(["start http", "start fabric", "start edge", "stop fabric", "stopped fabric", "stop http", "stopped http"], _events);
    }

    [Fact]
    public async Task StopAsync_OneFails_TheOthersStopAllTheSame()
    {
        PartSequence parts = Sequence([Part("fabric")], [new RecordingPart("edge", _events) { StopProblem = new InvalidOperationException("broken") }]);
        await parts.StartAsync(CancellationToken.None);

        await parts.StopAsync(CancellationToken.None);

        Assert.Contains("stopped fabric", _events);
    }

    [Fact]
    public async Task StopAsync_Twice_StopsOnce()
    {
        PartSequence parts = Sequence([Part("fabric")]);
        await parts.StartAsync(CancellationToken.None);

        await parts.StopAsync(CancellationToken.None);
        await parts.StopAsync(CancellationToken.None);

        Assert.Single(_events, "stop fabric");
    }

    private static PartSequence Sequence(params IReadOnlyList<IRelayPart>[] stages) => new(stages, NullLogger.Instance);

    private RecordingPart Part(string name) => new(name, _events);
}
