using RelayServer.Hosting;

namespace RelayServer.UnitTests.Host;

/// <summary>A part that writes down what is done to it.</summary>
internal sealed class RecordingPart(string name, List<string> events) : IRelayPart
{
    public string Name => name;

    public string? NotReadyReason { get; set; }

    public Exception? StartProblem { get; init; }

    public Exception? StopProblem { get; init; }

    /// <summary>What the stop waits for.</summary>
    public Task Stopping { get; init; } = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        events.Add($"start {name}");
        return StartProblem is null ? Task.CompletedTask : Task.FromException(StartProblem);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        events.Add($"stop {name}");
        await Stopping;
        events.Add($"stopped {name}");
        if (StopProblem is not null)
        {
            throw StopProblem;
        }
    }
}
