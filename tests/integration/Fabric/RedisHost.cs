using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>A Redis that several tests share; each has a prefix of its own.</summary>
internal sealed class RedisHost(LimitedRedis redis) : IFabricHost
{
    private readonly string _prefix = $"relay:{Guid.NewGuid():N}:";

    public Task<IFabric> OpenAsync() => ConnectAsync();

    public Task<IFabric> OpenAnotherAsync(IFabric first) => ConnectAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<IFabric> ConnectAsync()
    {
        RedisFabricOptions options = redis.Options;
        options.Prefix = _prefix;
        RedisFabric fabric = await LimitedRedis.ConnectAsync(options);
        var watch = new ConnectionWatch(fabric);
        if (!fabric.IsConnected)
        {
            // On a machine that is busy.
            await watch.UntilAsync(connected: true);
        }

        return fabric;
    }
}
