using RelayServer.Fabric;

namespace RelayServer.Hosting;

/// <summary>The fabric of this process.</summary>
/// <param name="name">Its name in reports.</param>
/// <param name="open">Opens it; throws <see cref="StartException"/> when it cannot be.</param>
internal sealed class FabricPart(string name, Func<CancellationToken, Task<IFabric>> open) : IRelayPart
{
    private IFabric? _fabric;

    public string Name => name;

    public string? NotReadyReason => _fabric is { } fabric ? fabric.NotReadyReason : "not open";

    /// <summary>The fabric, once started.</summary>
    public IFabric Fabric => _fabric ?? throw new InvalidOperationException("the fabric is not open");

    public async Task StartAsync(CancellationToken cancellationToken) => _fabric = await open(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_fabric is { } fabric)
        {
            _fabric = null;
            await fabric.DisposeAsync();
        }
    }
}
