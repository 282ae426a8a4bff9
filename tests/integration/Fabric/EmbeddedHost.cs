using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Fabric;

internal sealed class EmbeddedHost : IFabricHost
{
    private readonly TemporaryFolder _folder = new();

    public async Task<IFabric> OpenAsync() => await EmbeddedFabric.OpenAsync(
        new() { DataFolder = _folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    public Task<IFabric> OpenAnotherAsync(IFabric first) => Task.FromResult(first);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
