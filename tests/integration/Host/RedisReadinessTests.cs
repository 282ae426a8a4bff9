using System.Globalization;
using System.Net;
using RelayServer.Cli;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Host;

/// <summary>What the scaled roles say of themselves when Redis goes and comes back.</summary>
public sealed class RedisReadinessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Readyz_EdgeWithoutAMaster_SaysThatNobodyOwnsTheSlots()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RunningRelay edge = await StartEdgeAsync(redis);

        await edge.UntilAsync(HttpStatusCode.ServiceUnavailable, "no master owns the slots");
        await using RunningRelay master = await StartMasterAsync(redis);
        await edge.ReadyAsync();
    }

    [Fact]
    public async Task Readyz_RedisGoesAndComesBack_IsNotReadyMeanwhile()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using RunningRelay master = await StartMasterAsync(redis);
        await using RunningRelay edge = await StartEdgeAsync(redis);
        await edge.ReadyAsync();

        await redis.KillAsync();
        await edge.UntilAsync(HttpStatusCode.ServiceUnavailable, "cannot be reached");
        using HttpResponseMessage health = await edge.Http.GetAsync("/healthz", TestContext.Current.CancellationToken);
        await redis.StartAgainAsync();

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        await master.ReadyAsync();
        await edge.ReadyAsync();
    }

    [Fact]
    public async Task Readyz_RedisComesBackEmpty_SlotsAreClaimedAgain()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RunningRelay master = await StartMasterAsync(redis);
        await using RunningRelay edge = await StartEdgeAsync(redis);
        await edge.ReadyAsync();

        await redis.KillAsync();
        await edge.UntilAsync(HttpStatusCode.ServiceUnavailable, "cannot be reached");
        await redis.StartAgainAsync();

        await edge.ReadyAsync();
    }

    [Fact]
    public async Task Start_RedisIsNotThereYet_WaitsNotReadyAndGoesOnWhenItComes()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.KillAsync();

        await using RunningRelay master = await StartMasterAsync(redis);
        await using RunningRelay edge = await StartEdgeAsync(redis);
        await master.UntilAsync(HttpStatusCode.ServiceUnavailable, "cannot be reached");
        await edge.UntilAsync(HttpStatusCode.ServiceUnavailable, "cannot be reached");
        await redis.StartAgainAsync();

        await master.ReadyAsync();
        await edge.ReadyAsync();
    }

    [Fact]
    public async Task Readyz_TwoPrimariesNamed_SaysWhichAndIsReadyWhenOneFollowsTheOther()
    {
        await using RedisServer one = await RedisServer.StartAsync("--repl-diskless-sync-delay", "0");
        await using RedisServer other = await RedisServer.StartAsync();
        await using RunningRelay master = await RunningRelay.StartAsync("master", "--redis", $"{one.Endpoint},{other.Endpoint}");
        await master.UntilAsync(HttpStatusCode.ServiceUnavailable, $"{one.Endpoint} and at {other.Endpoint} both say that they are the primary");

        Assert.Equal("OK", await other.CommandAsync("REPLICAOF", "127.0.0.1", one.Port.ToString(CultureInfo.InvariantCulture)));

        await master.ReadyAsync();
    }

    [Fact]
    public async Task Start_RedisListIsWrong_RefusedNamingTheOptionAndThePart()
    {
        using var error = new StringWriter();
        Assert.Equal(ExitCode.Usage, await RelayCommandLine.RunAsync(
            ["master", "--redis", "127.0.0.1:6379,redis-b"], TextWriter.Null, error, TestContext.Current.CancellationToken));
        Assert.Contains("Redis:Endpoints", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("'redis-b'", error.ToString(), StringComparison.Ordinal);
    }

    private static Task<RunningRelay> StartMasterAsync(RedisServer redis) => RunningRelay.StartAsync("master", "--redis", redis.Endpoint);

    private async Task<RunningRelay> StartEdgeAsync(RedisServer redis)
    {
        string key = _folder.File("key");
        Assert.Equal(ExitCode.Done, await RelayCommandLine.RunAsync(["key", "create", key], TextWriter.Null, TextWriter.Null, CancellationToken.None));
        return await RunningRelay.StartAsync("edge", "--redis", redis.Endpoint, "--listen", "127.0.0.1:0", "--key-file", key + ".pub");
    }
}
