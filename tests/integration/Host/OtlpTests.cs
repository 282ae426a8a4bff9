using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Host;

/// <summary>Metrics that are pushed.</summary>
public sealed class OtlpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("relay.edge.connections")]
    [InlineData("relay.fabric.operation.duration")]
    public async Task OtlpEndpoint_Set_MetricsOfTheRelayArePushedThere(string metric)
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync(metric);
        using var folder = new TemporaryFolder();
        await using RunningRelay relay = await RunningRelay.StartAsync(
            "--data", folder.File("data"),
            "--listen", "127.0.0.1:0",
            "--set", $"Metrics:OtlpEndpoint={collector.Address}",
            "--set", "Metrics:OtlpIntervalSeconds=1");

        await collector.Found.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
