using RelayServer.Fabric;

namespace RelayServer.IntegrationTests.Master;

/// <summary>A fabric whose store takes its time for every flush.</summary>
internal sealed class SlowFlushes(IFabric fabric) : ForwardingFabric(fabric)
{
    private readonly PeriodicTimer _turns = new(TimeSpan.FromMilliseconds(50));

    public override async ValueTask<FlushStatus> FlushAsync(FabricFlush flush, CancellationToken cancellationToken)
    {
        await _turns.WaitForNextTickAsync(cancellationToken);
        return await base.FlushAsync(flush, cancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        _turns.Dispose();
        return base.DisposeAsync();
    }
}
