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
            string advice = problem.Message.Replace("another DataFolder", "another folder with --data DIR", StringComparison.Ordinal).TrimEnd('.');
            throw new StartException($"the log cannot be opened: {advice}", problem);
        }
    }

    /// <summary>Connects to Redis. One that cannot be reached yet is waited for: readiness says no meanwhile.</summary>
    /// <exception cref="StartException">The settings make no sense to it.</exception>
    public static async Task<IFabric> OpenRedisAsync(RedisFabricOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            return await RedisFabric.ConnectAsync(options, loggers, cancellationToken);
        }
        catch (FabricException problem)
        {
            throw new StartException(problem.Message, problem);
        }
    }
}
