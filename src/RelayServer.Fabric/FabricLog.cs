using Microsoft.Extensions.Logging;

namespace RelayServer.Fabric;

/// <summary>What both fabrics log. Event ids 3000–3019; Embedded has 3020–3039, Redis 3040–3059.</summary>
internal static partial class FabricLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Subscriber of {Address} is more than {BytesMax} bytes behind; dropping messages for it")]
    public static partial void SubscriberBehind(ILogger logger, string address, long bytesMax);

    [LoggerMessage(3001, LogLevel.Warning, "Subscriber of {Address} caught up after {DroppedMessages} dropped messages")]
    public static partial void SubscriberCaughtUp(ILogger logger, string address, long droppedMessages);

    [LoggerMessage(3002, LogLevel.Error, "Handler of {Address} failed; its message is lost")]
    public static partial void HandlerFailed(ILogger logger, string address, Exception exception);

    [LoggerMessage(3003, LogLevel.Error, "Flush refused: the log of {Channel} (generation {Generation}, partition {Partition}) is already beyond ({Epoch}, {LastSeq})")]
    public static partial void LogBeyond(ILogger logger, string channel, ulong generation, uint partition, ulong epoch, ulong lastSeq);
}
