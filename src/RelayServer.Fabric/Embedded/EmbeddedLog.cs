using Microsoft.Extensions.Logging;

namespace RelayServer.Fabric;

internal static partial class EmbeddedLog
{
    [LoggerMessage(3020, LogLevel.Information, "Embedded fabric open: {Path}, store {StoreId}, schema {Schema}, synchronous {Synchronous}")]
    public static partial void Opened(ILogger logger, string path, string storeId, int schema, SynchronousMode synchronous);

    [LoggerMessage(3021, LogLevel.Error, "Cannot write {Path}: {Reason}. Nothing is taken until this is repaired (disk full, permissions, damaged file?); trying again every second")]
    public static partial void WriteFailed(ILogger logger, string path, string reason);

    [LoggerMessage(3022, LogLevel.Information, "{Path} can be written again")]
    public static partial void WriteRecovered(ILogger logger, string path);

    [LoggerMessage(3023, LogLevel.Information, "Slots claimed by {MasterId} at epoch {Epoch}")]
    public static partial void Claimed(ILogger logger, string masterId, ulong epoch);
}
