using Microsoft.Extensions.Logging;

namespace RelayServer.Hosting;

/// <summary>What the host says in the log. Event ids 9000 to 9099.</summary>
internal static partial class HostLog
{
    [LoggerMessage(9000, LogLevel.Debug, "Starting {Part}")]
    public static partial void PartStarting(ILogger logger, string part);

    [LoggerMessage(9001, LogLevel.Debug, "Stopping {Part}")]
    public static partial void PartStopping(ILogger logger, string part);

    [LoggerMessage(9002, LogLevel.Error, "{Part} failed to stop")]
    public static partial void PartFailedToStop(ILogger logger, string part, Exception problem);

    [LoggerMessage(9003, LogLevel.Information, "Started as {Role}, version {Version}")]
    public static partial void Started(ILogger logger, RelayRole role, string version);

    [LoggerMessage(9004, LogLevel.Information, "Asked to stop; no longer ready")]
    public static partial void StopRequested(ILogger logger);

    [LoggerMessage(9005, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(9006, LogLevel.Warning, "{Address} cannot be read: {Problem}; what was read last holds")]
    public static partial void KeySetUnreadable(ILogger logger, Uri address, string problem);

    [LoggerMessage(9007, LogLevel.Information, "{Address} can be read again")]
    public static partial void KeySetReadable(ILogger logger, Uri address);
}
