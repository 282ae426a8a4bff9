using System.Net;
using Microsoft.Extensions.Logging;
using RelayServer.Adapters;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Storage;

namespace RelayServer.Hosting;

/// <summary>Services beside the relay. They start after the edges, which they connect to, and stop before them.</summary>
/// <param name="options">Their settings.</param>
/// <param name="folder">The data folder, in which their store is when it has no path of its own.</param>
/// <param name="connect">Registers one of them at the relay.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Makes their loggers.</param>
internal sealed class AdaptersPart(
    AdaptersOptions options, DataFolderPart folder, Func<ServiceStart, CancellationToken, Task<IServiceConnection>> connect, TimeProvider time, ILoggerFactory loggers)
    : IRelayPart
{
    private SubscriptionsServer? _server;

    public string Name => "services";

    // A relay is ready without its services: they register when they can, and a refused one must not take the edges from their clients.
    public string? NotReadyReason => _server is null ? "not started" : null;

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Services { get; } = [.. options.Subscriptions.Select(service => service.Name)];

    /// <summary>Where webhooks are taken; null when there are none.</summary>
    public IPEndPoint? HooksEndpoint => _server?.HooksEndpoint;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        options.Storage.File = AdapterSettings.StoreFile(options, folder.Folder.Path);
        var server = new SubscriptionsServer(options, connect, time, loggers);
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (DatabaseException problem)
        {
            throw new StartException($"Adapters:Storage: {problem.Message}", problem);
        }
        catch (InvalidDataException problem)
        {
            throw new StartException($"Adapters:Subscriptions: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or System.Net.Sockets.SocketException)
        {
            throw ListenProblem.Describe(options.HooksListen, "Adapters:HooksListen", null, problem);
        }

        _server = server;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }
}
