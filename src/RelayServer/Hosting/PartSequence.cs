using Microsoft.Extensions.Logging;

namespace RelayServer.Hosting;

/// <summary>
/// The parts of a process in their order of start; they stop in the reverse order, so that each part can still use
/// those it stands on while it ends.
/// </summary>
/// <param name="parts">In order of start.</param>
/// <param name="logger">Says what starts and stops.</param>
internal sealed class PartSequence(IReadOnlyList<IRelayPart> parts, ILogger logger)
{
    private int _started;

    /// <summary>The parts, in order of start.</summary>
    public IReadOnlyList<IRelayPart> Parts { get; } = parts;

    /// <summary>Starts all parts. When one cannot, those that run are stopped before the failure is thrown on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (IRelayPart part in Parts)
            {
                HostLog.PartStarting(logger, part.Name);
                await part.StartAsync(cancellationToken);
                _started++;
            }
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Stops what was started, last first. A part that fails to stop does not keep the others from it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        while (_started > 0)
        {
            IRelayPart part = Parts[--_started];
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
}
