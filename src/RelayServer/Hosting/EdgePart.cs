using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RelayServer.Edge;
using RelayServer.Fabric;
using RelayServer.Identity;

namespace RelayServer.Hosting;

/// <summary>An edge. One that fails cannot go on: the process is asked to end.</summary>
/// <param name="options">Its settings; <see cref="EdgeOptions.Listen"/> is replaced by <paramref name="listen"/>.</param>
/// <param name="listen">Where it listens.</param>
/// <param name="listenKey">The setting that says so.</param>
/// <param name="fabric">The fabric; asked at the start.</param>
/// <param name="tokens">Checks who signs in.</param>
/// <param name="failed">Told why, when the edge ends by itself.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Makes its loggers.</param>
internal sealed class EdgePart(
    EdgeOptions options, IPEndPoint listen, string listenKey, Func<IFabric> fabric, ITokenValidator tokens, Action<string> failed, TimeProvider time, ILoggerFactory loggers)
    : IRelayPart
{
    private EdgeServer? _server;
    private Task _watching = Task.CompletedTask;

    public string Name => options.Name ?? EdgeOptions.NameDefault;

    /// <summary>The edge while it runs, else null.</summary>
    public EdgeServer? Server => Volatile.Read(ref _server);

    public string? NotReadyReason => _server is { } server ? server.NotReadyReason : "not started";

    /// <summary>Where it listens; with the real port once started.</summary>
    public IPEndPoint Endpoint => _server?.Endpoint ?? listen;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        options.Listen = listen.ToString();
        var server = new EdgeServer(options, fabric(), tokens, time, loggers);
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or SocketException or CryptographicException or UnauthorizedAccessException)
        {
            await server.DisposeAsync();
            throw Describe(problem);
        }

        _server = server;
        _watching = WatchAsync(server);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            await server.StopAsync(cancellationToken);
            await _watching;
            await server.DisposeAsync();
            _server = null;
        }
    }

    private async Task WatchAsync(EdgeServer server)
    {
        try
        {
            await server.Completion;
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            failed($"{Name} has stopped: {problem.Message}");
        }
    }

    private StartException Describe(Exception problem)
    {
        bool certificate = problem is CryptographicException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException;
        return certificate
            ? new StartException($"Edge:TlsCertificateFile and Edge:TlsKeyFile: {problem.Message.TrimEnd('.')}; name PEM files that this user can read", problem)
            : ListenProblem.Describe(listen, listenKey, "--listen", problem);
    }
}
