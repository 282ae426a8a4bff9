using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RelayServer.Hosting;

/// <summary>
/// Runs the parts under the generic host. The order of a stop: readiness off, edges drain, masters, fabric, and the
/// HTTP listener last, so that probes and metrics can be read until the end.
/// </summary>
internal sealed class RelayService(
    RelayRole role, PartSequence parts, Readiness readiness, ILogger<RelayService> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await parts.StartAsync(cancellationToken);
        readiness.Open();
        HostLog.Started(logger, role, BuildVersion.Text);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        readiness.Close();
        HostLog.StopRequested(logger);
        await parts.StopAsync(cancellationToken);
        HostLog.Stopped(logger);
    }
}
