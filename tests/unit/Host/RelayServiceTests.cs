using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Hosting;

namespace RelayServer.UnitTests.Host;

/// <summary>When the process says that it is ready.</summary>
public sealed class RelayServiceTests
{
    private readonly List<string> _events = [];

    [Fact]
    public async Task StopAsync_Draining_ReadinessIsOffFromTheBeginning()
    {
        var draining = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var edge = new RecordingPart("edge", _events) { Stopping = draining.Task };
        var readiness = new Readiness([edge]);
        RelayService service = Service(edge, readiness);
        Assert.Equal((false, "starting"), (readiness.Read().Ready, readiness.Read().Reason));
        await service.StartAsync(CancellationToken.None);
        Assert.True(readiness.Read().Ready);

        Task stop = service.StopAsync(CancellationToken.None);
        ReadinessReport during = readiness.Read();
        draining.SetResult();
        await stop;

        Assert.Equal((false, "stopping"), (during.Ready, during.Reason));
        Assert.False(readiness.Read().Ready);
    }

    [Fact]
    public async Task Read_OnePartIsNotReady_SaysWhichAndWhy()
    {
        var edge = new RecordingPart("edge", _events);
        var readiness = new Readiness([edge, new RecordingPart("other", _events)]);
        await Service(edge, readiness).StartAsync(CancellationToken.None);
        edge.NotReadyReason = "no master owns the slots yet";

        ReadinessReport report = readiness.Read();

        Assert.False(report.Ready);
        Assert.Null(report.Reason);
        Assert.Equal([new PartReadiness("edge", false, "no master owns the slots yet"), new PartReadiness("other", true, null)], report.Parts);
    }

    private static RelayService Service(RecordingPart part, Readiness readiness) => new(
        RelayRole.Local, new PartSequence([[part]], NullLogger.Instance), readiness, NullLogger<RelayService>.Instance);
}
