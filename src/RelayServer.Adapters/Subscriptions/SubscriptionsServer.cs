using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.Adapters.Subscriptions.Hooks;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.Storage;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>Runs services whose updates come from feeds and webhooks: one store, one listener for webhooks, and each service by itself.</summary>
/// <param name="options">The settings.</param>
/// <param name="connect">Registers a service at the relay; throws when that is not possible now.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Makes the loggers.</param>
public sealed class SubscriptionsServer(
    AdaptersOptions options, Func<ServiceStart, CancellationToken, Task<IServiceConnection>> connect, TimeProvider time, ILoggerFactory loggers)
    : IAsyncDisposable
{
    private volatile SubscriptionService[] _services = [];
    private Database? _database;
    private SharedParts? _shared;
    private HookListener? _listener;

    /// <summary>Where webhooks are taken; null when there are none.</summary>
    public IPEndPoint? HooksEndpoint => _listener?.Endpoint;

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? NotReadyReason => _shared is null ? "not started" : _services.Select(service => service.NotReadyReason).FirstOrDefault(reason => reason is not null);

    /// <summary>The tables of the store.</summary>
    internal static MigrationSet Migrations { get; } = new("subscriptions", typeof(ItemStore));

    /// <summary>Resolves the hosts of feeds; the system's resolver but in tests.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = FeedConnector.ResolveAsync;

    /// <summary>Starts everything. The relay need not be there yet.</summary>
    /// <exception cref="DatabaseException">The store cannot be opened.</exception>
    /// <exception cref="InvalidDataException">A webhook's secrets cannot be used.</exception>
    /// <exception cref="IOException">The webhooks' address is in use.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _database = await Database.OpenAsync(
                options.Storage, Migrations, time, loggers, cancellationToken).ConfigureAwait(false);
            _shared = new SharedParts(_database, connect, Resolve, () => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue, time, loggers);
            _services = [.. options.Subscriptions.Select(service => new SubscriptionService(service, _shared))];
            HookDesk[] hooks = [.. _services.SelectMany(service => service.Hooks)];
            Array.ForEach(hooks, hook => hook.Check());
            foreach (SubscriptionService service in _services)
            {
                await service.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            if (hooks.Length > 0)
            {
                _listener = new HookListener(options.HooksListen, hooks.ToDictionary(hook => hook.Name, StringComparer.Ordinal), loggers);
                await _listener.StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops everything: no more posts, no more polls, then the connections. What is not sent yet is kept.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_listener is { } listener)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(_services.Select(service => service.DisposeAsync().AsTask())).ConfigureAwait(false);
        _services = [];
        _shared?.Dispose();
        _shared = null;
        if (_database is { } database)
        {
            _database = null;
            await database.DisposeAsync().ConfigureAwait(false);
        }
    }
}
