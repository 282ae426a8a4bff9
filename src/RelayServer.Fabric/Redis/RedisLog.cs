using Microsoft.Extensions.Logging;

namespace RelayServer.Fabric;

internal static partial class RedisLog
{
    [LoggerMessage(3040, LogLevel.Information, "Redis at {Endpoint} connected")]
    public static partial void Connected(ILogger logger, string endpoint);

    [LoggerMessage(3041, LogLevel.Warning, "Not connected: {Reason}; trying again. Check that Redis runs, the addresses in Redis:Endpoints, password, TLS and firewall")]
    public static partial void NotReachable(ILogger logger, string? reason);

    [LoggerMessage(3042, LogLevel.Warning, "Redis at {Endpoint} lost ({Reason}); connecting again")]
    public static partial void Lost(ILogger logger, string endpoint, string reason);

    [LoggerMessage(3043, LogLevel.Error, "Redis at {Endpoint} refused {Command}: {Reason}")]
    public static partial void Refused(ILogger logger, string endpoint, string command, string reason);

    [LoggerMessage(3044, LogLevel.Information, "Slots claimed by {MasterId} at epoch {Epoch} on store {StoreId}")]
    public static partial void Claimed(ILogger logger, string masterId, ulong epoch, string storeId);

    [LoggerMessage(3045, LogLevel.Warning, "Redis at {Endpoint} is not the store on which the slots were claimed: it was restarted, replaced or emptied")]
    public static partial void StoreChanged(ILogger logger, string endpoint);

    [LoggerMessage(3046, LogLevel.Error, "No Redis node is used: {Reason}")]
    public static partial void PrimaryRefused(ILogger logger, string? reason);

    [LoggerMessage(3047, LogLevel.Error, "Redis at {Leftover} says that it is the primary, too. {Endpoint} is used, where the slots were claimed last; make {Leftover} its replica (REPLICAOF), or take it out of Redis:Endpoints")]
    public static partial void Leftover(ILogger logger, string leftover, string endpoint);
}
