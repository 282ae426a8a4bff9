namespace RelayServer.Adapters;

/// <summary>A service that is registered at the relay, and stays so across lost connections.</summary>
public interface IServiceConnection : IServiceUpdates, IAsyncDisposable
{
    /// <summary>Completes when the relay refuses the service for good, with the reason.</summary>
    Task Completion { get; }

    /// <summary>Told why the relay has gone, and with null that it is back.</summary>
    event Action<string?>? RelayChanged;
}
