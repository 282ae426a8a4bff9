using RelayServer.IntegrationTests.Processes;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>
/// One relay on each kind of store, started when a test first asks for it. The tests of the collection have rooms of
/// their own, and run one after the other: each restarts the relay.
/// </summary>
public sealed class RestartableRelays : IAsyncLifetime
{
    /// <summary>Redis, a master and three edges.</summary>
    public const string Redis = "redis";

    /// <summary>All in one process.</summary>
    public const string Embedded = "embedded";

    private readonly Dictionary<string, IRestartableRelay> _started = [];

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (IRestartableRelay relay in _started.Values)
        {
            await relay.DisposeAsync();
        }
    }

    internal async Task<IRestartableRelay> OnAsync(string store)
    {
        if (!_started.TryGetValue(store, out IRestartableRelay? relay))
        {
            relay = store == Redis ? await ThreeEdges.StartAsync() : await OneProcessRelay.StartAsync();
            _started.Add(store, relay);
        }

        return relay;
    }
}
