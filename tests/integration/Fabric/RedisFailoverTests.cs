using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Several nodes are named: the one that is the primary is used, whatever happens to the others.</summary>
public sealed class RedisFailoverTests : IDisposable
{
    private static readonly FabricAddress Edge = FabricAddress.Edge("e");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly CapturedLogs _logs = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task ConnectAsync_FirstNodeUnreachable_SecondUsed()
    {
        await using RedisDeployment redis = await RedisDeployment.StartAsync();
        await redis.A.Server.KillAsync();
        await using RedisFabric fabric = await ConnectAsync(redis.Options(redis.A, redis.B));
        Assert.True(fabric.IsConnected, fabric.NotReadyReason);
        Assert.Null(fabric.NotReadyReason);
        ulong epoch = await ClaimAsync(fabric);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 1)), Cancel));
        Assert.True(_logs.Contains($"Redis at {redis.B.Server.Endpoint} connected"));
    }

    [Fact]
    public async Task ConnectAsync_FirstNodeIsAReplica_PrimaryUsed()
    {
        await using RedisDeployment redis = await RedisDeployment.StartPairAsync();
        await using RedisFabric fabric = await ConnectAsync(redis.Options(redis.B, redis.A));
        ulong epoch = await ClaimAsync(fabric);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 1)), Cancel));
        Assert.True(_logs.Contains($"Redis at {redis.A.Server.Endpoint} connected"));
        Assert.Equal("", await redis.A.AdminCommandAsync("ACL", "LOG"));
        Assert.Equal("", await redis.B.AdminCommandAsync("ACL", "LOG"));
    }

    [Fact]
    public async Task ConnectAsync_OnlyAReplicaNamed_NotConnectedAndSaysSo()
    {
        await using RedisDeployment redis = await RedisDeployment.StartPairAsync();
        await using RedisFabric fabric = await ConnectAsync(redis.Options(redis.B));
        Assert.False(fabric.IsConnected);
        Assert.Equal($"no Redis primary: {redis.B.Server.Endpoint} is a replica", fabric.NotReadyReason);
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(Flush("m", 1, Append(Room, 1, 1)), Cancel));
    }

    [Fact]
    public async Task Primary_KilledAndReplicaPromoted_EverythingGoesOnThere()
    {
        await using RedisDeployment redis = await RedisDeployment.StartPairAsync();
        await using RedisFabric fabric = await ConnectAsync(redis.Options(redis.A, redis.B));
        var watch = new ConnectionWatch(fabric);
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);
        ulong epoch = await ClaimAsync(fabric);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 1)), Cancel));
        await redis.SyncedAsync();

        await redis.A.Server.KillAsync();
        await watch.UntilAsync(connected: false);
        FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 2)).WithRelay(Edge, Bytes("h"));
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(flush, Cancel));
        await UntilReasonAsync(fabric, $"{redis.B.Server.Endpoint} is a replica");
        await RedisDeployment.PromoteAsync(redis.B);
        await watch.UntilAsync(connected: true);

        Assert.Equal(FlushStatus.StoreChanged, await fabric.FlushAsync(flush, Cancel));
        ulong next = await ClaimAsync(fabric, epoch);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", next, Append(Room, next, 2)).WithRelay(Edge, Bytes("h")), Cancel));
        Assert.Equal(Bytes("h"), await received.NextAsync());
        Assert.True(await fabric.SendAsync(Edge, Bytes("x"), Cancel));
        Assert.Equal(Bytes("x"), await received.NextAsync());
        Assert.Equal(2, (await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel)).Entries.Count);

        // Forgotten: it still thinks that it is the primary. Those who are connected and those who come stay here.
        await redis.A.Server.StartAgainAsync();
        await Eventually.TrueAsync(() => _logs.Contains($"Redis at {redis.A.Server.Endpoint} says that it is the primary, too"), Patience, () => "not told");
        Assert.True(fabric.IsConnected);
        await using RedisFabric late = await ConnectAsync(redis.Options(redis.A, redis.B));
        Assert.Equal(next, (await late.ReadSlotsAsync(Cancel))[0].Epoch);

        // And it is not good enough when the real one goes.
        await redis.B.Server.KillAsync();
        await UntilReasonAsync(fabric, $"Redis at {redis.A.Server.Endpoint} says that it is the primary, but lacks the last claim seen at {redis.B.Server.Endpoint}");
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(Flush("m", next, Append(Room, next, 3)), Cancel));
    }

    [Fact]
    public async Task Primary_DemotedInFavourOfItsReplica_NothingCommittedOnItAnyMore()
    {
        await using RedisDeployment redis = await RedisDeployment.StartPairAsync();
        await using RedisFabric fabric = await ConnectAsync(redis.Options(redis.A, redis.B));
        var watch = new ConnectionWatch(fabric);
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);
        ulong epoch = await ClaimAsync(fabric);
        FabricFlush done = Flush("m", epoch, Append(Room, epoch, 1));
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(done, Cancel));
        await redis.SyncedAsync();

        await RedisDeployment.PromoteAsync(redis.B);
        await RedisDeployment.FollowAsync(redis.A, redis.B);

        // Writes nothing, so a replica itself would take it.
        FlushStatus status = await fabric.FlushAsync(done, Cancel);
        Assert.NotEqual(FlushStatus.Committed, status);
        if (!fabric.IsConnected)
        {
            await watch.UntilAsync(connected: true);
        }

        await Eventually.TrueAsync(() => _logs.Contains($"Redis at {redis.B.Server.Endpoint} connected"), Patience, () => "not moved");
        Assert.Equal(FlushStatus.StoreChanged, await FlushUntilAsync(fabric, done, status => status != FlushStatus.Unavailable));
        ulong next = await ClaimAsync(fabric, epoch);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", next, Append(Room, next, 2)).WithRelay(Edge, Bytes("h")), Cancel));
        Assert.Equal(Bytes("h"), await received.NextAsync());
        Assert.Equal(2, (await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel)).Entries.Count);
    }

    [Fact]
    public async Task FlushScript_NothingToWriteOnAReplica_Refused()
    {
        await using RedisDeployment redis = await RedisDeployment.StartPairAsync();
        Assert.Contains("READONLY", await RunEmptyFlushAsync(redis.B), StringComparison.Ordinal);
        Assert.Equal("0", await RunEmptyFlushAsync(redis.A));
        Assert.Contains("READONLY", await RunFlushOfOneRecordAsync(redis.B), StringComparison.Ordinal);
        Assert.Equal("0", await RunFlushOfOneRecordAsync(redis.A));
        Assert.Contains("READONLY", await RunFlushOfOneDropAsync(redis.B), StringComparison.Ordinal);
        Assert.Equal("0", await RunFlushOfOneDropAsync(redis.A));
    }

    [Fact]
    public async Task ConnectAsync_TwoPrimaries_RefusedNamingBothUntilOneFollows()
    {
        await using RedisDeployment redis = await RedisDeployment.StartAsync();
        await using RedisFabric fabric = await ConnectAsync(redis.Options(redis.A, redis.B));
        var watch = new ConnectionWatch(fabric);
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);
        Assert.False(fabric.IsConnected);
        string both = $"{redis.A.Server.Endpoint} and at {redis.B.Server.Endpoint} both say that they are the primary";
        Assert.Contains(both, fabric.NotReadyReason, StringComparison.Ordinal);
        Assert.True(_logs.Contains(both));
        FabricUnavailableException error = await Assert.ThrowsAsync<FabricUnavailableException>(() => fabric.ClaimSlotsAsync("m", 0, Cancel));
        Assert.Contains(both, error.Message, StringComparison.Ordinal);
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(Flush("m", 1, Append(Room, 1, 1)), Cancel));

        await RedisDeployment.FollowAsync(redis.A, redis.B);
        await watch.UntilAsync(connected: true);
        ulong epoch = await ClaimAsync(fabric);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 1)).WithRelay(Edge, Bytes("h")), Cancel));
        Assert.Equal(Bytes("h"), await received.NextAsync());
    }

    [Fact]
    public async Task Replica_PromotedBesideThePrimaryInUse_NeitherUsedUntilOneFollows()
    {
        await using RedisDeployment redis = await RedisDeployment.StartPairAsync();
        await using RedisFabric fabric = await ConnectAsync(redis.Options(redis.A, redis.B));
        var watch = new ConnectionWatch(fabric);
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);
        ulong epoch = await ClaimAsync(fabric);
        await redis.SyncedAsync();

        await RedisDeployment.PromoteAsync(redis.B);
        await watch.UntilAsync(connected: false);
        await UntilReasonAsync(fabric, "both say that they are the primary");
        await RedisDeployment.FollowAsync(redis.B, redis.A);
        await watch.UntilAsync(connected: true);

        // Once, although both nodes pass messages on to those who are subscribed at them.
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 1)).WithRelay(Edge, Bytes("1")), Cancel));
        Assert.True(await fabric.SendAsync(Edge, Bytes("2"), Cancel));
        Assert.Equal(Bytes("1"), await received.NextAsync());
        Assert.Equal(Bytes("2"), await received.NextAsync());
    }

    private static async Task<ulong> ClaimAsync(RedisFabric fabric, ulong epochFloor = 0) =>
        (await fabric.ClaimSlotsAsync("m", epochFloor, Cancel))[0].Epoch;

    private static Task<string> RunEmptyFlushAsync(LimitedRedis node) => RunFlushAsync(node, [], "0", "0");

    private static Task<string> RunFlushOfOneRecordAsync(LimitedRedis node) => RunFlushAsync(node, [], "1", "0", "name", "body");

    private static Task<string> RunFlushOfOneDropAsync(LimitedRedis node) => RunFlushAsync(node, ["relay:log:0:0:room"], "0", "1");

    private static async Task<string> RunFlushAsync(LimitedRedis node, string[] logs, params string[] recordsAndDrops)
    {
        string server = await node.AdminCommandAsync("INFO", "server");
        string runId = server.Split('\n').Single(line => line.StartsWith("run_id:", StringComparison.Ordinal))["run_id:".Length..].Trim();
        string[] keys = ["relay:slots", "relay:records", .. logs];
        return await node.AdminCommandAsync(
            ["EVAL", FlushScript.Text, $"{keys.Length}", .. keys, runId, "0", "0", "0", "0", .. recordsAndDrops]);
    }

    private static Task UntilReasonAsync(RedisFabric fabric, string reason) => Eventually.TrueAsync(
        () => fabric.NotReadyReason?.Contains(reason, StringComparison.Ordinal) == true, Patience, () => $"the reason is: {fabric.NotReadyReason}");

    private static async Task<FlushStatus> FlushUntilAsync(RedisFabric fabric, FabricFlush flush, Func<FlushStatus, bool> isEnough)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        FlushStatus status;
        while (!isEnough(status = await fabric.FlushAsync(flush, Cancel)))
        {
            await timer.WaitForNextTickAsync(Cancel);
        }

        return status;
    }

    private Task<RedisFabric> ConnectAsync(RedisFabricOptions options) => RedisFabric.ConnectAsync(options, _logs, Cancel);
}
