using RelayServer.Fabric;

namespace RelayServer.IntegrationTests.Fabric;

/// <summary>What a fabric needs around it: a store that outlives the fabric objects on it.</summary>
public interface IFabricHost : IAsyncDisposable
{
    /// <summary>Opens the store.</summary>
    Task<IFabric> OpenAsync();

    /// <summary>A second way in while the first is open: another connection where the store allows it, else the same.</summary>
    Task<IFabric> OpenAnotherAsync(IFabric first);
}
