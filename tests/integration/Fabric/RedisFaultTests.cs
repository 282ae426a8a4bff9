using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>What happens to the fabric when something happens to Redis.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    private static readonly FabricAddress Edge = FabricAddress.Edge("e");
    private readonly CapturedLogs _logs = new();
    private RedisServer? _server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RedisServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "no");

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task ConnectAsync_NotReachable_ConnectsWhenItIs()
    {
        await Server.KillAsync();
        await using RedisFabric fabric = await ConnectAsync();
        var watch = new ConnectionWatch(fabric);
        var received = new MessageCollector();
        Assert.False(fabric.IsConnected);
        Assert.Equal($"Redis at {Server.Endpoint} cannot be reached (connection refused)", fabric.NotReadyReason);
        Assert.True(_logs.Contains($"{Server.Endpoint} cannot be reached (connection refused)"));
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(Flush("m", 1, Append(Room, 1, 1)), Cancel));
        Assert.False(await fabric.SendAsync(Edge, Bytes("x"), Cancel));
        await Assert.ThrowsAsync<FabricUnavailableException>(() => fabric.ReadSlotsAsync(Cancel));
        await Assert.ThrowsAsync<FabricUnavailableException>(() => fabric.ReadTailAsync(Room, 1, 1, Cancel));
        await Assert.ThrowsAsync<FabricUnavailableException>(() => fabric.ClaimSlotsAsync("m", 0, Cancel));
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);

        await Server.StartAgainAsync();

        await watch.UntilAsync(connected: true);
        Assert.True(fabric.IsConnected);
        Assert.True(await fabric.SendAsync(Edge, Bytes("x"), Cancel));
        Assert.Equal(Bytes("x"), await received.NextAsync());
    }

    [Fact]
    public async Task FlushAsync_ServerRestarted_UnavailableThenStoreChangedUntilClaimed()
    {
        await using RedisFabric fabric = await ConnectAsync();
        var watch = new ConnectionWatch(fabric);
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);
        ulong epoch = await ClaimAsync(fabric);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 1)), Cancel));

        await Server.KillAsync();
        await watch.UntilAsync(connected: false);
        FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 2)).WithRelay(Edge, Bytes("h"), 0);
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(flush, Cancel));

        await Server.StartAgainAsync();
        await watch.UntilAsync(connected: true);
        Assert.Equal(FlushStatus.StoreChanged, await fabric.FlushAsync(flush, Cancel));
        Assert.Equal(FlushStatus.StoreChanged, await fabric.FlushAsync(flush, Cancel));
        Assert.Equal(1UL, Assert.Single((await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel)).Entries).LastSeq);

        ulong next = await ClaimAsync(fabric, epoch);
        Assert.True(next > epoch);
        FabricFlush again = Flush("m", next, Append(Room, next, 2)).WithRelay(Edge, Bytes("h"), 0);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(again, Cancel));
        Assert.Equal([.. "h"u8, 0xc6], (await received.NextAsync())[..2]);
    }

    [Fact]
    public async Task FlushAsync_StoreChangedAndAnotherMasterClaimed_Fenced()
    {
        await using RedisFabric fabric = await ConnectAsync();
        await using RedisFabric other = await ConnectAsync();
        var watch = new ConnectionWatch(fabric);
        var otherWatch = new ConnectionWatch(other);
        ulong epoch = await ClaimAsync(fabric);
        await Server.KillAsync();
        await watch.UntilAsync(connected: false);
        await Server.StartAgainAsync();
        await Task.WhenAll(watch.UntilAsync(connected: true), otherWatch.UntilAsync(connected: true));
        await other.ClaimSlotsAsync("other", 0, Cancel);
        Assert.Equal(FlushStatus.Fenced, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 1)), Cancel));
    }

    [Fact]
    public async Task FlushAsync_StoreEmptied_StoreChanged()
    {
        await using RedisFabric fabric = await ConnectAsync();
        ulong epoch = await ClaimAsync(fabric);
        Assert.Equal("OK", await Server.CommandAsync("FLUSHALL"));
        Assert.Equal(FlushStatus.StoreChanged, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 1)), Cancel));
        ulong next = await ClaimAsync(fabric, epoch);
        Assert.True(next > epoch);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", next, Append(Room, next, 1)), Cancel));
    }

    [Fact]
    public async Task FlushAsync_ScriptsForgotten_Committed()
    {
        await using RedisFabric fabric = await ConnectAsync();
        ulong epoch = await ClaimAsync(fabric);
        for (ulong seq = 1; seq <= 3; seq++)
        {
            Assert.Equal("OK", await Server.CommandAsync("SCRIPT", "FLUSH"));
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, seq)), Cancel));
        }

        Assert.Equal(3, (await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel)).Entries.Count);
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("pubsub")]
    public async Task Connection_KilledByTheServer_ToldAndMended(string type)
    {
        await using RedisFabric fabric = await ConnectAsync();
        var watch = new ConnectionWatch(fabric);
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);
        ulong epoch = await ClaimAsync(fabric);

        Assert.Equal("1", await Server.CommandAsync("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes"));

        Assert.False(await watch.NextAsync());
        await watch.UntilAsync(connected: true);
        FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 1)).WithRelay(Edge, Bytes("h"));
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        Assert.Equal(Bytes("h"), await received.NextAsync());
    }

    [Fact]
    public async Task FlushAsync_ServerHangs_UnavailableAndTheSameAgainIsAppendedOnce()
    {
        await using RedisFabric fabric = await ConnectAsync();
        var watch = new ConnectionWatch(fabric);
        ulong epoch = await ClaimAsync(fabric);
        FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 1));

        await Server.PauseAsync();
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(flush, Cancel));
        await watch.UntilAsync(connected: false);
        Assert.Contains("no answer", fabric.NotReadyReason, StringComparison.Ordinal);
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(flush, Cancel));
        await Server.ResumeAsync();

        await watch.UntilAsync(connected: true);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        Assert.Single((await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel)).Entries);
    }

    [Fact]
    public async Task Connection_DeadWithoutASign_ReplacedAndSubscriptionsKept()
    {
        await using var proxy = new TcpProxy(Server.Port);
        await using RedisFabric fabric = await ConnectAsync(options => options.Endpoints = proxy.Endpoint);
        var watch = new ConnectionWatch(fabric);
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);
        ulong epoch = await ClaimAsync(fabric);
        FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 1)).WithRelay(Edge, Bytes("h"));

        await proxy.FreezeConnectionsAsync();
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(flush, Cancel));
        await watch.UntilAsync(connected: true);

        Assert.True(_logs.Contains("no answer within 1000 ms"));
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        Assert.Equal(Bytes("h"), await received.NextAsync());
        Assert.True(await fabric.SendAsync(Edge, Bytes("once"), Cancel));
        Assert.Equal(Bytes("once"), await received.NextAsync());
        Assert.True(await fabric.SendAsync(Edge, Bytes("then"), Cancel));
        Assert.Equal(Bytes("then"), await received.NextAsync());
    }

    [Fact]
    public async Task SendAsync_ServerHangs_PendingBytesBounded()
    {
        await using RedisFabric fabric = await ConnectAsync(options => options.PendingBytesMax = 32 * 1024 * 1024);
        byte[] message = new byte[1024 * 1024];
        await Server.PauseAsync();
        Task<bool>[] sends = [.. Enumerable.Range(0, 100).Select(_ => fabric.SendAsync(Edge, message, Cancel).AsTask())];
        Assert.Equal(100 - 32, sends.Count(send => send.IsCompletedSuccessfully && !send.Result));
        await Server.ResumeAsync();
        await Task.WhenAll(sends);
    }

    [Fact]
    public async Task FlushAsync_RedisOutOfMemory_UnavailableAndNothingApplied()
    {
        await using RedisFabric fabric = await ConnectAsync();
        ulong epoch = await ClaimAsync(fabric);
        FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 1), Append(new("hall", 0, 0), epoch, 1));
        Assert.Equal("OK", await Server.CommandAsync("CONFIG", "SET", "maxmemory", "1"));
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(flush, Cancel));
        Assert.Same(LogPage.Empty, await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel));
        Assert.True(_logs.Contains("OOM"));
        Assert.Equal("OK", await Server.CommandAsync("CONFIG", "SET", "maxmemory", "0"));
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
    }

    [Fact]
    public async Task FlushAsync_OneKeyIsNoStream_NothingApplied()
    {
        await using RedisFabric fabric = await ConnectAsync();
        ulong epoch = await ClaimAsync(fabric);
        await Server.CommandAsync("SET", "relay:log:0:0:hall", "in the way");
        FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 1), Append(new("hall", 0, 0), epoch, 1), Append(new("x", 0, 0), epoch, 1));
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(flush, Cancel));
        Assert.True(_logs.Contains("WRONGTYPE"));
        Assert.Same(LogPage.Empty, await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel));
        Assert.Same(LogPage.Empty, await fabric.ReadFromAsync(new("x", 0, 0), 0, 0, 1000, Cancel));
    }

    // A relay never empties a stream; somebody else may.
    [Fact]
    public async Task FlushAsync_StreamEmptiedBehindOurBack_FencedAndNothingApplied()
    {
        await using RedisFabric fabric = await ConnectAsync();
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(Edge, received.Take, Cancel);
        ulong epoch = await ClaimAsync(fabric);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(Flush("m", epoch, Append(Room, epoch, 9)), Cancel));
        Assert.Equal("1", await Server.CommandAsync("XTRIM", "relay:log:0:0:room", "MAXLEN", "0"));
        FabricFlush flush = Flush("m", epoch, Append(new("hall", 0, 0), epoch, 1), Append(Room, epoch, 8)).WithRelay(Edge, Bytes("h"), 0);
        Assert.Equal(FlushStatus.Fenced, await fabric.FlushAsync(flush, Cancel));
        Assert.Same(LogPage.Empty, await fabric.ReadFromAsync(new("hall", 0, 0), 0, 0, 1000, Cancel));
        Assert.True(await fabric.SendAsync(Edge, Bytes("first"), Cancel));
        Assert.Equal(Bytes("first"), await received.NextAsync());
    }

    private static async Task<ulong> ClaimAsync(RedisFabric fabric, ulong epochFloor = 0) =>
        (await fabric.ClaimSlotsAsync("m", epochFloor, Cancel))[0].Epoch;

    private async Task<RedisFabric> ConnectAsync(Action<RedisFabricOptions>? change = null)
    {
        var options = new RedisFabricOptions { Endpoints = Server.Endpoint, CommandTimeoutMilliseconds = 1000 };
        change?.Invoke(options);
        return await RedisFabric.ConnectAsync(options, _logs, Cancel);
    }
}
