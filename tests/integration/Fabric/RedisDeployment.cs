using RelayServer.Fabric;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>Two Redis nodes whose default user has exactly the rights of <c>protocol/redis.acl</c>; at first B is A's replica.</summary>
internal sealed class RedisDeployment : IAsyncDisposable
{
    private RedisDeployment(LimitedRedis a, LimitedRedis b) => (A, B) = (a, b);

    public LimitedRedis A { get; }

    public LimitedRedis B { get; }

    /// <summary>Two nodes that do not know each other yet.</summary>
    public static async Task<RedisDeployment> StartAsync()
    {
        var deployment = new RedisDeployment(new(), new());
        await deployment.A.InitializeAsync();
        await deployment.B.InitializeAsync();
        return deployment;
    }

    /// <summary>A primary and its replica, with the same contents.</summary>
    public static async Task<RedisDeployment> StartPairAsync()
    {
        RedisDeployment deployment = await StartAsync();
        await FollowAsync(deployment.B, deployment.A);
        return deployment;
    }

    /// <summary>Makes one node the replica of another, and waits until it has taken over the other's contents.</summary>
    public static async Task FollowAsync(LimitedRedis replica, LimitedRedis primary)
    {
        await replica.AdminCommandAsync("REPLICAOF", "127.0.0.1", primary.Server.Endpoint.Split(':')[1]);
        string state = "";
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!state.Contains("master_link_status:up", StringComparison.Ordinal))
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            state = await replica.AdminCommandAsync("INFO", "replication");
        }
    }

    /// <summary>Makes a node a primary of its own.</summary>
    public static async Task PromoteAsync(LimitedRedis node) => Assert.Equal("OK", await node.AdminCommandAsync("REPLICAOF", "NO", "ONE"));

    /// <summary>Waits until the replica has everything that the primary had.</summary>
    public async Task SyncedAsync() => Assert.Equal("1", await A.AdminCommandAsync("WAIT", "1", "5000"));

    public RedisFabricOptions Options(params LimitedRedis[] nodes)
    {
        RedisFabricOptions options = A.Options;
        options.CommandTimeoutMilliseconds = 1000;
        options.Endpoints = string.Join(',', nodes.Select(node => node.Server.Endpoint));
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
    }
}
