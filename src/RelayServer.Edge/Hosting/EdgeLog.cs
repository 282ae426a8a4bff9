using Microsoft.Extensions.Logging;

namespace RelayServer.Edge.Hosting;

/// <summary>Log lines of an edge: ids 4000–4099.</summary>
internal static partial class EdgeLog
{
    [LoggerMessage(4000, LogLevel.Information, "Edge {EdgeId} listens on {Endpoint}.")]
    public static partial void Listening(ILogger logger, string edgeId, string endpoint);

    [LoggerMessage(4001, LogLevel.Warning, "The fabric cannot be reached; clients stay connected and publishes are held: {Reason}")]
    public static partial void FabricUnavailable(ILogger logger, string reason);

    [LoggerMessage(4002, LogLevel.Information, "The fabric can be reached again.")]
    public static partial void FabricAvailable(ILogger logger);

    [LoggerMessage(4003, LogLevel.Warning, "A relay of a master could not be read completely.")]
    public static partial void BadRelay(ILogger logger);

    [LoggerMessage(4004, LogLevel.Critical, "The edge has failed and stops.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(4005, LogLevel.Warning, "The edge's relay inbox is full; what does not fit is read from the log.")]
    public static partial void RelayInboxFull(ILogger logger);

    [LoggerMessage(4006, LogLevel.Debug, "Connection {Connection} ended before it was welcomed: {Code}, {Problem}.")]
    public static partial void HandshakeFailed(ILogger logger, string connection, Protocol.ErrorCode code, string problem);

    [LoggerMessage(4007, LogLevel.Information, "Edge {EdgeId} is draining {Sessions} sessions.")]
    public static partial void Draining(ILogger logger, string edgeId, int sessions);

    [LoggerMessage(4008, LogLevel.Error, "An entry in the log of channel {Channel}, up to {Epoch}-{Seq}, cannot be read; members are told a gap.")]
    public static partial void EntryUnreadable(ILogger logger, string channel, ulong epoch, ulong seq);
}
