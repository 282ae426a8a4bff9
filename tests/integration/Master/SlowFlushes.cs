using RelayServer.Fabric;

namespace RelayServer.IntegrationTests.Master;

/// <summary>A fabric whose store takes its time for every flush.</summary>
internal sealed class SlowFlushes(IFabric fabric) : ForwardingFabric(fabric)
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromMilliseconds(50);

    public override async ValueTask<FlushStatus> FlushAsync(FabricFlush flush, CancellationToken cancellationToken)
    {
        await Task.Delay(FlushTime, cancellationToken);
        return await base.FlushAsync(flush, cancellationToken);
    }
}
