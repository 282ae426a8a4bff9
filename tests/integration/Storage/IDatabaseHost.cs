using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Storage;

/// <summary>An empty database of one of the engines, for one test.</summary>
public interface IDatabaseHost : IAsyncDisposable
{
    DatabaseEngine Engine { get; }

    /// <summary>Options that open it; the same one each time.</summary>
    Task<DatabaseOptions> OptionsAsync();

    /// <summary>Cuts whoever is connected, where that can happen.</summary>
    Task DisconnectAsync();
}
