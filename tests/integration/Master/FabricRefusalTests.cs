using System.Net;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Host;
using RelayServer.IntegrationTests.Support;
using RelayServer.Master;

namespace RelayServer.IntegrationTests.Master;

/// <summary>What a relay waits for, and what it ends with, when the fabric does not do what is asked at its start.</summary>
public sealed class FabricRefusalTests
{
    private const int PatienceMilliseconds = 60_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task Master_FabricUnavailable_WaitsAndSaysWhyOnce()
    {
        var logs = new CapturedLogs();
        var fabric = new RefusingFabric(new FabricUnavailableException("no cable"), new FabricUnavailableException("no power"));
        await using var master = new MasterServer(new MasterOptions(), fabric, TimeProvider.System, logs);

        await master.StartAsync(Cancel);
        await Eventually.TrueAsync(() => master.NotReadyReason is null, Patience, () => $"{master.NotReadyReason}");

        Assert.Equal(
            "Warning: The fabric cannot be reached; the master waits for it and goes on by itself: no cable",
            Assert.Single(logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal)));
    }

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task Edge_FabricUnavailable_WaitsAndSaysWhyOnce()
    {
        var logs = new CapturedLogs();
        await using EdgeServer edge = CreateEdge(
            new RefusingFabric(new FabricUnavailableException("no cable"), new FabricUnavailableException("no power")), logs);

        await edge.StartAsync(Cancel);
        await Eventually.TrueAsync(() => edge.NotReadyReason == "no master owns the slots yet", Patience, () => $"{edge.NotReadyReason}");

        Assert.Equal(
            "Warning: The fabric cannot be reached; clients stay connected and publishes are held: no cable",
            Assert.Single(logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal)));
    }

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task Master_FabricRefuses_FailsWithThat()
    {
        var logs = new CapturedLogs();
        var refusal = new FabricException("no rights");
        await using var master = new MasterServer(new MasterOptions(), new RefusingFabric(refusal), TimeProvider.System, logs);

        await master.StartAsync(Cancel);

        Assert.Same(refusal, await Assert.ThrowsAsync<FabricException>(() => master.Completion));
        Assert.False(logs.Contains("cannot be reached"));
        Assert.Equal("the master has failed", master.NotReadyReason);
    }

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task Edge_FabricRefuses_FailsWithThat()
    {
        var logs = new CapturedLogs();
        var defect = new InvalidOperationException("a defect");
        await using EdgeServer edge = CreateEdge(new RefusingFabric(defect), logs);

        await edge.StartAsync(Cancel);

        Assert.Same(defect, await Assert.ThrowsAsync<InvalidOperationException>(() => edge.Completion));
        Assert.False(logs.Contains("cannot be reached"));
        Assert.Equal("the edge has failed", edge.NotReadyReason);
    }

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task EdgePart_FabricRefuses_TellsTheHostWhy()
    {
        var failed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var part = new EdgePart(
            new EdgeOptions { Name = "edge", DrainMilliseconds = 0 },
            new(IPAddress.Loopback, 0),
            "Edge:Listen",
            () => new RefusingFabric(new FabricException("no rights")),
            new UserTokens(),
            failed.SetResult,
            TimeProvider.System,
            new CapturedLogs());

        await part.StartAsync(Cancel);

        Assert.Equal("edge has stopped: no rights", await failed.Task);
        await part.StopAsync(Cancel);
    }

    [Fact(Timeout = PatienceMilliseconds)]
    public async Task RelayMaster_SlotTableIsSomethingElse_EndsSayingSo()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        Assert.Equal("OK", await redis.CommandAsync("SET", "relay:slots", "not a table"));

        await using RunningRelay relay = await RunningRelay.StartAsync("master", "--redis", redis.Endpoint);

        Assert.Equal(ExitCode.Failed, await relay.ExitAsync());
        Assert.Contains("refused a claim: ", relay.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", relay.Errors, StringComparison.Ordinal);
    }

    private static EdgeServer CreateEdge(RefusingFabric fabric, CapturedLogs logs) => new(
        new EdgeOptions { Name = "edge", Listen = "127.0.0.1:0", DrainMilliseconds = 0 }, fabric, new UserTokens(), TimeProvider.System, logs);
}
