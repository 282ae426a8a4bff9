using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Master;

/// <summary>A master that stops leaves nothing running behind.</summary>
public sealed class StopTests
{
    // Of the thread pool: far more than a stop needs that waits for nothing.
    private const int TurnsToEndIn = 10_000;

    [Fact(Timeout = 60_000)]
    public async Task StopAsync_ReadUnderWay_EndsWithTheRead()
    {
        var folder = new TemporaryFolder();
        var fabric = new HeldReads(await EmbeddedFabric.OpenAsync(
            new EmbeddedFabricOptions { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
        await using TestRelay relay = await TestRelay.StartAsync(fabric, folder);
        await using WireClient client = await WireClient.SignInAsync(relay.A, "user:alice");
        await client.SendJoinAsync("lobby", JoinStart.Live);
        await fabric.Begun;

        Task stopping = relay.Master.StopAsync(CancellationToken.None);
        await relay.Master.Completion;
        for (int turn = 0; turn < TurnsToEndIn; turn++)
        {
            await Task.Yield();
        }

        Assert.False(stopping.IsCompleted);
        fabric.Release();

        await stopping;
        await relay.Master.DisposeAsync();
        await relay.Master.DisposeAsync();
    }
}
