using Microsoft.Extensions.Logging;

namespace RelayServer.Master.Hosting;

/// <summary>Log lines of a master: ids 2000–2099.</summary>
internal static partial class MasterLog
{
    [LoggerMessage(2000, LogLevel.Information, "Master {MasterId} owns all slots at epoch {Epoch}.")]
    public static partial void Claimed(ILogger logger, string masterId, ulong epoch);

    [LoggerMessage(2001, LogLevel.Warning, "The fabric cannot be reached; the master waits for it and goes on by itself: {Reason}")]
    public static partial void FabricUnavailable(ILogger logger, string reason);

    [LoggerMessage(2002, LogLevel.Error, "Another master has taken over the slots of {MasterId}. It stops: run one master, or give the other a different prefix.")]
    public static partial void Fenced(ILogger logger, string masterId);

    [LoggerMessage(2003, LogLevel.Warning, "The store was replaced or restarted; the slots are claimed again.")]
    public static partial void StoreChanged(ILogger logger);

    [LoggerMessage(2004, LogLevel.Warning, "A message of an edge could not be read and was dropped.")]
    public static partial void BadUpstream(ILogger logger);

    [LoggerMessage(2005, LogLevel.Error, "An entry in the log of channel {Channel} could not be read; the channel stays closed.")]
    public static partial void BadLogEntry(ILogger logger, string channel);

    [LoggerMessage(2006, LogLevel.Critical, "The master has failed and stops.")]
    public static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(2007, LogLevel.Warning, "The master's inbox is full; edges will send again.")]
    public static partial void InboxFull(ILogger logger);

    [LoggerMessage(2008, LogLevel.Warning, "The search for messages older than the retention in rooms that nobody opens has failed; it is tried again in a minute.")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(2009, LogLevel.Error, "What is stored of {Channel} cannot be read. Until it can, nobody gets in, and updates that it has subscribed to do not come there.")]
    public static partial void Unreadable(ILogger logger, string channel);

    [LoggerMessage(2010, LogLevel.Warning, "The rooms that were created could not be read for the list of rooms; it is tried again in a minute.")]
    public static partial void ListingFailed(ILogger logger, Exception exception);
}
