using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>A Redis that several tests share; each has a prefix of its own.</summary>
internal sealed class RedisHost(RedisServer server) : IFabricHost
{
    private readonly string _prefix = $"relay:{Guid.NewGuid():N}:";

    public Task<IFabric> OpenAsync() => ConnectAsync();

    public Task<IFabric> OpenAnotherAsync(IFabric first) => ConnectAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<IFabric> ConnectAsync()
    {
        RedisFabric fabric = await RedisFabric.ConnectAsync(
            new() { Endpoints = server.Endpoint, Prefix = _prefix }, NullLoggerFactory.Instance, CancellationToken.None);
        Assert.True(fabric.IsConnected);
        return fabric;
    }
}
