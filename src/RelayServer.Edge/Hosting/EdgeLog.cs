using Microsoft.Extensions.Logging;

namespace RelayServer.Edge.Hosting;

/// <summary>Log lines of an edge: ids 3000–3099.</summary>
internal static partial class EdgeLog
{
    [LoggerMessage(3000, LogLevel.Information, "Edge {EdgeId} listens on {Endpoint}.")]
    public static partial void Listening(ILogger logger, string edgeId, string endpoint);

    [LoggerMessage(3001, LogLevel.Warning, "The fabric cannot be reached; clients stay connected and publishes are held.")]
    public static partial void FabricUnavailable(ILogger logger, Exception? exception);

    [LoggerMessage(3002, LogLevel.Information, "The fabric can be reached again.")]
    public static partial void FabricAvailable(ILogger logger);

    [LoggerMessage(3003, LogLevel.Warning, "A relay of a master could not be read completely.")]
    public static partial void BadRelay(ILogger logger);

    [LoggerMessage(3004, LogLevel.Critical, "The edge has failed and stops.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(3005, LogLevel.Warning, "The edge's relay inbox is full; what does not fit is read from the log.")]
    public static partial void RelayInboxFull(ILogger logger);

    [LoggerMessage(3006, LogLevel.Debug, "Connection {Connection} ended before it was welcomed: {Code}, {Problem}.")]
    public static partial void HandshakeFailed(ILogger logger, string connection, Protocol.ErrorCode code, string problem);

    [LoggerMessage(3007, LogLevel.Information, "Edge {EdgeId} is draining {Sessions} sessions.")]
    public static partial void Draining(ILogger logger, string edgeId, int sessions);
}
