using Microsoft.Extensions.Logging;

namespace RelayServer.Hosting;

/// <summary>
/// The parts of a process in stages. Parts start one after the other; stages stop in the reverse order, so that each
/// part can still use those it stands on while it ends, and the parts of one stage stop together, so that two edges drain
/// in the time of one.
/// </summary>
/// <param name="stages">In order of start.</param>
/// <param name="logger">Says what starts and stops.</param>
internal sealed class PartSequence(IReadOnlyList<IReadOnlyList<IRelayPart>> stages, ILogger logger)
{
    private readonly Stack<List<IRelayPart>> _started = [];

    /// <summary>Starts all parts. When one cannot, those that run are stopped before the failure is thrown on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (IReadOnlyList<IRelayPart> stage in stages)
            {
                List<IRelayPart> started = [];
                _started.Push(started);
                foreach (IRelayPart part in stage)
                {
                    HostLog.PartStarting(logger, part.Name);
                    await part.StartAsync(cancellationToken);
                    started.Add(part);
                }
            }
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Stops what was started. A part that fails to stop does not keep the others from it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        while (_started.TryPop(out List<IRelayPart>? stage))
        {
            await Task.WhenAll(stage.Select(part => StopAsync(part, cancellationToken)));
        }
    }

    private async Task StopAsync(IRelayPart part, CancellationToken cancellationToken)
    {
        HostLog.PartStopping(logger, part.Name);
        try
        {
            await part.StopAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            HostLog.PartFailedToStop(logger, part.Name, problem);
        }
    }
}
