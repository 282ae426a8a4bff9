using Microsoft.Extensions.Logging;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>Log lines of the subscriptions adapter: ids 8000–8099. Never what an item says, nor a token, nor a user.</summary>
internal static partial class SubscriptionsLog
{
    [LoggerMessage(8000, LogLevel.Information, "Service {Service}: {Feeds} feeds, {Hooks} webhooks, {Waiting} updates wait to be sent.")]
    public static partial void Started(ILogger logger, string service, int feeds, int hooks, long waiting);

    [LoggerMessage(8001, LogLevel.Information, "Service {Service}: feed {Feed} has {Items} new items, {Updates} of them are sent.")]
    public static partial void FeedChanged(ILogger logger, string service, string feed, int items, int updates);

    [LoggerMessage(8002, LogLevel.Warning, "Service {Service}: feed {Feed} cannot be read, the {Failures}. time in a row: {Reason}. It is asked again in {Seconds} s.")]
    public static partial void FeedFailed(ILogger logger, string service, string feed, long failures, string reason, long seconds);

    [LoggerMessage(8003, LogLevel.Error, "Service {Service}: feed {Feed} is gone for good, says its server; it is not asked again.")]
    public static partial void FeedGone(ILogger logger, string service, string feed);

    [LoggerMessage(8004, LogLevel.Warning, "Service {Service}: {Max} updates wait to be sent; polling pauses until the relay has taken some.")]
    public static partial void OutboxFull(ILogger logger, string service, int max);

    [LoggerMessage(8005, LogLevel.Warning, "Service {Service}: updates cannot be sent now and are sent again: {Reason}")]
    public static partial void SendFailed(ILogger logger, string service, string reason);

    [LoggerMessage(8006, LogLevel.Warning, "Service {Service}: the relay refuses update {Number} for good, it is dropped: {Reason}")]
    public static partial void SendRefused(ILogger logger, string service, ulong number, string reason);

    [LoggerMessage(8007, LogLevel.Error, "Service {Service}: the store cannot be used now and is tried again: {Reason}")]
    public static partial void StoreFailed(ILogger logger, string service, string reason);

    [LoggerMessage(8008, LogLevel.Warning, "Webhook {Hook}: a post was refused: {Reason}")]
    public static partial void PostRefused(ILogger logger, string hook, string reason);

    [LoggerMessage(8009, LogLevel.Information, "Webhooks are taken at {Address}.")]
    public static partial void HooksListening(ILogger logger, string address);

    [LoggerMessage(8010, LogLevel.Error, "Webhook {Hook}: its secrets cannot be read: {Reason}")]
    public static partial void SecretsUnusable(ILogger logger, string hook, string reason);

    [LoggerMessage(8011, LogLevel.Error, "Service {Service} is not connected and tries again in {Seconds} s: {Reason}")]
    public static partial void LinkFailed(ILogger logger, string service, long seconds, string reason);

    [LoggerMessage(8012, LogLevel.Information, "Service {Service} is registered at the relay.")]
    public static partial void LinkMade(ILogger logger, string service);

    [LoggerMessage(8014, LogLevel.Error, "Service {Service}: the command {Verb} has failed: {Problem}")]
    public static partial void CommandFailed(ILogger logger, string service, string verb, string problem);

    [LoggerMessage(8015, LogLevel.Warning, "Service {Service}: feed {Feed} has more news than UpdatesPerHourMax, {Max}: {Items} items are kept and not sent.")]
    public static partial void FeedFlooded(ILogger logger, string service, string feed, int items, int max);

    [LoggerMessage(8016, LogLevel.Warning, "Service {Service}: the relay is away, updates wait until it is back: {Reason}")]
    public static partial void RelayAway(ILogger logger, string service, string reason);

    [LoggerMessage(8017, LogLevel.Information, "Service {Service}: the relay is back.")]
    public static partial void RelayBack(ILogger logger, string service);

    [LoggerMessage(8013, LogLevel.Critical, "Service {Service}: {Part} has failed.")]
    public static partial void LoopFailed(ILogger logger, string service, string part, Exception problem);
}
