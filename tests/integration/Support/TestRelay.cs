using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.Master;

namespace RelayServer.IntegrationTests.Support;

/// <summary>A master and two edges in the test's own process, on ports of their own, over a fabric that the test chooses.</summary>
internal sealed class TestRelay : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly IFabric _fabric;
    private readonly TemporaryFolder? _folder;

    private TestRelay(IFabric fabric, TemporaryFolder? folder, MasterOptions masterOptions, Action<EdgeOptions>? configureEdge, TimeProvider masterTime)
    {
        _fabric = fabric;
        _folder = folder;
        Master = new MasterServer(masterOptions, fabric, masterTime, NullLoggerFactory.Instance);
        EdgeA = CreateEdge("edge-a", configureEdge);
        EdgeB = CreateEdge("edge-b", configureEdge);
    }

    public MasterServer Master { get; }

    public EdgeServer EdgeA { get; }

    public EdgeServer EdgeB { get; }

    public IPEndPoint A => EdgeA.Endpoint;

    public IPEndPoint B => EdgeB.Endpoint;

    /// <summary>On the embedded fabric, in a folder that goes with the relay.</summary>
    public static async Task<TestRelay> StartAsync(Action<EdgeOptions>? edge = null, Action<MasterOptions>? master = null, TimeProvider? masterTime = null)
    {
        var folder = new TemporaryFolder();
        IFabric fabric = await EmbeddedFabric.OpenAsync(
            new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        return await StartAsync(fabric, folder, edge, master, masterTime);
    }

    /// <summary>On a fabric that the relay disposes.</summary>
    public static async Task<TestRelay> StartAsync(
        IFabric fabric, TemporaryFolder? folder = null, Action<EdgeOptions>? edge = null, Action<MasterOptions>? master = null,
        TimeProvider? masterTime = null)
    {
        var masterOptions = new MasterOptions();
        master?.Invoke(masterOptions);
        var relay = new TestRelay(fabric, folder, masterOptions, edge, masterTime ?? TimeProvider.System);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await relay.Master.StartAsync(cancellation);
        await relay.EdgeA.StartAsync(cancellation);
        await relay.EdgeB.StartAsync(cancellation);
        await Eventually.TrueAsync(
            () => relay.Master.NotReadyReason is null && relay.EdgeA.NotReadyReason is null && relay.EdgeB.NotReadyReason is null,
            Patience,
            () => $"not ready: master {relay.Master.NotReadyReason}, edges {relay.EdgeA.NotReadyReason}, {relay.EdgeB.NotReadyReason}");
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await EdgeA.DisposeAsync();
        await EdgeB.DisposeAsync();
        await Master.DisposeAsync();
        await _fabric.DisposeAsync();
        _folder?.Dispose();
    }

    private EdgeServer CreateEdge(string name, Action<EdgeOptions>? configure)
    {
        var options = new EdgeOptions { Name = name, Listen = "127.0.0.1:0", DrainMilliseconds = 0 };
        configure?.Invoke(options);
        return new EdgeServer(options, _fabric, new UserTokens(), TimeProvider.System, NullLoggerFactory.Instance);
    }
}
