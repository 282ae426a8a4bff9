using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>What every implementation of <see cref="IFabric"/> must do; its subclasses hold the tests, by subject.</summary>
public abstract class FabricContract(IFabricHost host) : IAsyncLifetime
{
    protected const string Master = "master-1";
    protected const string OtherMaster = "master-2";
    protected static readonly FabricAddress Edge1 = FabricAddress.Edge("one");
    protected static readonly FabricAddress Edge2 = FabricAddress.Edge("two");

    private IFabric? _fabric;
    private IFabric? _other;

    protected IFabric Fabric => _fabric!;

    /// <summary>Another master's way to the same store.</summary>
    protected IFabric Other => _other!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fabric = await host.OpenAsync();
        _other = await host.OpenAnotherAsync(_fabric);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Other.DisposeAsync();
        await Fabric.DisposeAsync();
        await host.DisposeAsync();
    }

    protected static async Task<ulong> ClaimAsync(IFabric fabric, string masterId, ulong epochFloor = 0) =>
        (await fabric.ClaimSlotsAsync(masterId, epochFloor, Cancel))[0].Epoch;

    protected async Task<FlushStatus> FlushAsync(FabricFlush flush) => await Fabric.FlushAsync(flush, Cancel);

    protected async Task<LogPage> ReadAllAsync(LogKey log) => await Fabric.ReadFromAsync(log, 0, 0, int.MaxValue, Cancel);

    internal async Task<MessageCollector> CollectAsync(FabricAddress address)
    {
        var collector = new MessageCollector();
        await Fabric.SubscribeAsync(address, collector.Take, Cancel);
        return collector;
    }

    /// <summary>
    /// Proves that nothing was sent to the collector's address: a message sent now, behind it, is the first to arrive.
    /// </summary>
    internal static async Task AssertNothingSentAsync(IFabric sender, FabricAddress address, MessageCollector collector)
    {
        byte[] sentinel = Guid.NewGuid().ToByteArray();
        Assert.True(await sender.SendAsync(address, sentinel, Cancel));
        Assert.Equal(sentinel, await collector.NextAsync());
    }
}
