using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using RelayServer.Fabric;

namespace RelayServer.Hosting;

/// <summary>Opens fabrics, and says for the operator why one cannot be opened.</summary>
internal static class FabricOpener
{
    /// <summary>Opens the log in the data folder.</summary>
    /// <exception cref="StartException">It cannot be opened.</exception>
    public static async Task<IFabric> OpenEmbeddedAsync(
        EmbeddedFabricOptions options, DataFolder folder, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        options.DataFolder = folder.Path;
        try
        {
            return await EmbeddedFabric.OpenAsync(options, time, loggers, cancellationToken);
        }
        catch (FabricException problem)
        {
            throw new StartException($"the log in {folder.Path} cannot be opened: {problem.Message}", problem);
        }
    }

    /// <summary>Connects to Redis.</summary>
    /// <exception cref="StartException">It cannot be reached, or the settings make no sense to it.</exception>
    public static async Task<IFabric> OpenRedisAsync(RedisFabricOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await ProbeAsync(options, cancellationToken);
        RedisFabric fabric;
        try
        {
            fabric = await RedisFabric.ConnectAsync(options, loggers, cancellationToken);
        }
        catch (FabricException problem)
        {
            throw new StartException(problem.Message, problem);
        }

        if (!fabric.IsConnected)
        {
            // Later the fabric waits for a Redis that went away; at the start it is more likely that the address is wrong.
            await fabric.DisposeAsync();
            throw new StartException($"Redis at {options.Endpoints} (Redis:Endpoints) takes connections but gives no answer; check that it is Redis, its password and TLS");
        }

        return fabric;
    }

    // A plain connection first: its failure says in one line what a Redis library says in many.
    private static async Task ProbeAsync(RedisFabricOptions options, CancellationToken cancellationToken)
    {
        string endpoint = options.Endpoints.Split(',')[0].Trim();
        int colon = endpoint.LastIndexOf(':');
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.ConnectTimeoutMilliseconds);
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(
                endpoint[..colon].Trim('[', ']'), int.Parse(endpoint.AsSpan(colon + 1), CultureInfo.InvariantCulture), deadline.Token);
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            string reason = problem is SocketException ? problem.Message : "no answer in time";
            throw new StartException(
                $"Redis at {endpoint} (Redis:Endpoints) cannot be reached: {reason}; start it, or name another with --redis HOST:PORT", problem);
        }
    }
}
