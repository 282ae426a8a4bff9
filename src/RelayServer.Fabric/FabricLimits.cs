namespace RelayServer.Fabric;

/// <summary>What one call may ask of a fabric. Going beyond is the caller's mistake and throws.</summary>
public static class FabricLimits
{
    /// <summary>
    /// Largest epoch and sequence number: what a Redis script's numbers (IEEE doubles) hold exactly, 2^53 − 1. At a
    /// million messages a second a log gets there in 285 years.
    /// </summary>
    public const ulong NumberMax = (1UL << 53) - 1;

    /// <summary>Entries in one flush.</summary>
    public const int FlushAppendsMax = 16 * 1024;

    /// <summary>Trims in one flush.</summary>
    public const int FlushTrimsMax = 16 * 1024;

    /// <summary>Records written by one flush.</summary>
    public const int FlushRecordsMax = 1024;

    /// <summary>Body of one record, in bytes.</summary>
    public const int RecordBytesMax = 1024 * 1024;

    /// <summary>Name of a record, in characters.</summary>
    public const int RecordNameCharactersMax = 256;

    /// <summary>Logs dropped by one flush.</summary>
    public const int FlushDropsMax = 4 * 1024;

    /// <summary>Logs asked for by one listing.</summary>
    public const int ListLogsMax = 10_000;

    /// <summary>Records asked for by one listing; they come with their bodies.</summary>
    public const int ListRecordsMax = 256;

    /// <summary>Relays in one flush.</summary>
    public const int FlushRelaysMax = 4 * 1024;

    /// <summary>Bodies, records and relay heads of one flush together, in bytes.</summary>
    public const int FlushBytesMax = 16 * 1024 * 1024;

    /// <summary>One message given to <see cref="IFabric.SendAsync"/>, in bytes.</summary>
    public const int SendBytesMax = 16 * 1024 * 1024;

    /// <summary>Entries that one read returns, in bytes; a larger bound is taken as this one.</summary>
    public const int ReadBytesMax = 16 * 1024 * 1024;

    /// <summary>A master's id, in characters.</summary>
    public const int MasterIdCharactersMax = 128;

    /// <summary>An address, in characters.</summary>
    public const int AddressCharactersMax = 256;
}
