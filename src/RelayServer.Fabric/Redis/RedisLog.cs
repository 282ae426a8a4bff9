using Microsoft.Extensions.Logging;

namespace RelayServer.Fabric;

internal static partial class RedisLog
{
    [LoggerMessage(3040, LogLevel.Information, "Redis at {Endpoint} connected")]
    public static partial void Connected(ILogger logger, string endpoint);

    [LoggerMessage(3041, LogLevel.Warning, "Redis at {Endpoint} is not reachable ({Reason}); trying again. Check that it runs, the address in Endpoints, password, TLS and firewall")]
    public static partial void NotReachable(ILogger logger, string endpoint, string reason);

    [LoggerMessage(3042, LogLevel.Warning, "Redis at {Endpoint} lost ({Reason}); connecting again")]
    public static partial void Lost(ILogger logger, string endpoint, string reason);

    [LoggerMessage(3043, LogLevel.Error, "Redis at {Endpoint} refused {Command}: {Reason}")]
    public static partial void Refused(ILogger logger, string endpoint, string command, string reason);

    [LoggerMessage(3044, LogLevel.Information, "Slots claimed by {MasterId} at epoch {Epoch} on store {StoreId}")]
    public static partial void Claimed(ILogger logger, string masterId, ulong epoch, string storeId);

    [LoggerMessage(3045, LogLevel.Warning, "Redis at {Endpoint} is not the store on which the slots were claimed: it was restarted, replaced or emptied")]
    public static partial void StoreChanged(ILogger logger, string endpoint);

    [LoggerMessage(3046, LogLevel.Warning, "Redis at {Endpoint} does not answer on connections that look open; replacing them")]
    public static partial void Replacing(ILogger logger, string endpoint);
}
