using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>The ACL line that is shipped: enough for a relay, and for nothing else.</summary>
public sealed class RedisRightsTests(LimitedRedis redis) : IClassFixture<LimitedRedis>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AclLine_EverythingARelayDoes_NothingDenied()
    {
        await redis.AdminCommandAsync("ACL", "LOG", "RESET");
        await using (RedisFabric fabric = await LimitedRedis.ConnectAsync(redis.Options))
        {
            var received = new MessageCollector();
            await using IAsyncDisposable subscription = await fabric.SubscribeAsync(FabricAddress.Edge("e"), received.Take, Cancel);
            ulong epoch = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
            FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 1) with { TrimBefore = (0, 1) }).WithRelay(FabricAddress.Edge("e"), [], 0);
            flush.Trims.Add(new FabricTrim(Room, epoch, 1));
            flush.Records.AddRange([new("room", Bytes("state")), new("gone", default)]);
            flush.Drops.Add(Room with { Generation = 1 });
            Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
            await received.NextAsync();
            Assert.NotEmpty(await fabric.ReadSlotsAsync(Cancel));
            Assert.Single((await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel)).Entries);
            Assert.Single((await fabric.ReadTailAsync(Room, 1, 1000, Cancel)).Entries);
            Assert.NotNull(await fabric.ListLogsAsync(0, 10, Cancel));
            Assert.NotNull(await fabric.ReadRecordAsync("room", Cancel));
            Assert.Single((await fabric.ListRecordsAsync(0, 10, Cancel)).Records);
            Assert.True(await fabric.SendAsync(FabricAddress.Edge("e"), Bytes("x"), Cancel));
        }

        Assert.Equal("", await redis.AdminCommandAsync("ACL", "LOG"));
    }

    [Theory]
    [InlineData("GET", "relay:slots")]
    [InlineData("XRANGE", "other:log", "-", "+")]
    [InlineData("PUBLISH", "other", "x")]
    [InlineData("KEYS", "*")]
    [InlineData("FLUSHALL")]
    [InlineData("CONFIG", "GET", "*")]
    [InlineData("PSUBSCRIBE", "*")]
    [InlineData("EVAL", "return redis.call('XRANGE', KEYS[1], '-', '+')", "1", "other:log")]
    [InlineData("DEL", "relay:slots")]
    [InlineData("UNLINK", "other:log")]
    [InlineData("HGET", "other:records", "x")]
    public async Task AclLine_AnythingElse_Denied(params string[] command)
    {
        ArgumentNullException.ThrowIfNull(command);
        string answer = await redis.Server.CommandAsync(["--pass", redis.Options.Password!, "--no-auth-warning", .. command]);
        Assert.Contains("No permissions", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task FlushAsync_PrefixOutsideTheRights_ToldInTheLog()
    {
        var logs = new CapturedLogs();
        RedisFabricOptions options = redis.Options;
        options.Prefix = "other:";
        await using RedisFabric fabric = await LimitedRedis.ConnectAsync(options, logs);
        FabricException error = await Assert.ThrowsAsync<FabricException>(() => fabric.ClaimSlotsAsync("m", 0, Cancel));
        Assert.Contains(redis.Server.Endpoint, error.Message, StringComparison.Ordinal);
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(Flush("m", 1, Append(Room, 1, 1)), Cancel));
        Assert.True(logs.Contains("NOPERM"));
    }

    [Fact]
    public async Task FlushAsync_RecordsAreSomethingElse_NothingOfTheFlushApplied()
    {
        RedisFabricOptions options = redis.Options;
        options.Prefix = "relay:else:";
        await redis.AdminCommandAsync("SET", "relay:else:records", "x");
        await using RedisFabric fabric = await LimitedRedis.ConnectAsync(options);
        ulong epoch = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
        FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 1));
        flush.Records.Add(new("room", Bytes("state")));
        Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(flush, Cancel));
        Assert.Empty((await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel)).Entries);

        await redis.AdminCommandAsync("DEL", "relay:else:records");
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        Assert.Equal(Bytes("state"), await fabric.ReadRecordAsync("room", Cancel));
    }

    [Fact]
    public async Task FlushAsync_NoRightToTakeRecordsAway_NothingOfTheFlushApplied()
    {
        await using RedisFabric fabric = await LimitedRedis.ConnectAsync(redis.Options);
        ulong epoch = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
        LogKey log = Room with { Generation = 7 };
        FabricFlush flush = Flush("m", epoch, Append(log, epoch, 1));
        flush.Records.Add(new("gone", default));
        await redis.AdminCommandAsync("ACL", "SETUSER", "default", "-hdel");
        try
        {
            Assert.Equal(FlushStatus.Unavailable, await fabric.FlushAsync(flush, Cancel));
            Assert.Empty((await fabric.ReadFromAsync(log, 0, 0, 1000, Cancel)).Entries);
        }
        finally
        {
            await redis.AdminCommandAsync("ACL", "SETUSER", "default", "+hdel");
        }

        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        Assert.Null(await fabric.ReadRecordAsync("gone", Cancel));
    }

    [Fact]
    public async Task ConnectAsync_WrongPassword_NotConnectedAndNotInTheLog()
    {
        const string Wrong = "not-the-password";
        var logs = new CapturedLogs();
        RedisFabricOptions options = redis.Options;
        options.Password = Wrong;
        await using RedisFabric fabric = await LimitedRedis.ConnectAsync(options, logs);
        Assert.False(fabric.IsConnected);
        Assert.Equal($"Redis at {redis.Server.Endpoint} cannot be reached (wrong or missing user or password)", fabric.NotReadyReason);
        Assert.True(logs.Contains(fabric.NotReadyReason!));
        Assert.False(logs.Contains(Wrong));
    }
}
