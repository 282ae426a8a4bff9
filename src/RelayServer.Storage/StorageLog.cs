using Microsoft.Extensions.Logging;

namespace RelayServer.Storage;

/// <summary>What storage says in the log. Event ids 7000 to 7099. Never a value of a row.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(7000, LogLevel.Information, "Database of {Component}: migration {Migration} applied")]
    public static partial void Migrated(ILogger logger, string component, string migration);

    [LoggerMessage(7001, LogLevel.Debug, "A transaction on {Engine} has failed: {Failure} ({Problem})")]
    public static partial void Failed(ILogger logger, DatabaseEngine engine, DatabaseFailure failure, string problem);
}
