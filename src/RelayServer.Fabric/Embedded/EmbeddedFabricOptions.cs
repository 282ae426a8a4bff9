namespace RelayServer.Fabric;

/// <summary>Options of the embedded fabric.</summary>
public sealed class EmbeddedFabricOptions
{
    /// <summary>Folder of the database and its lock; made when it is not there. Default <c>data</c>.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>
    /// What an acknowledged message survives. Default <see cref="SynchronousMode.Normal"/>: the death of the process,
    /// but not a power loss; that needs <see cref="SynchronousMode.Full"/>.
    /// </summary>
    public SynchronousMode Synchronous { get; set; } = SynchronousMode.Normal;

    /// <summary>
    /// What waits for one subscriber, in bytes; one that is further behind loses messages, counted and logged.
    /// Default 64 MiB.
    /// </summary>
    public long SubscriberQueueBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>Flushes and claims that wait for the disk; one more is answered with Unavailable. Default 1,024.</summary>
    public int PendingWritesMax { get; set; } = 1024;

    /// <summary>Reads that run at the same time, each with a connection of its own. Default 4.</summary>
    public int ReadersMax { get; set; } = 4;

    /// <summary>
    /// Size of the database, in bytes; 0, the default, leaves it to the disk. When it is reached flushes are not
    /// taken, as when the disk is full.
    /// </summary>
    public long StoreBytesMax { get; set; }

    /// <summary>Throws <see cref="FabricException"/> naming the first option that makes no sense.</summary>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(DataFolder), nameof(DataFolder), "must name a folder");
        Require(Enum.IsDefined(Synchronous), nameof(Synchronous), "must be Normal or Full");
        Require(SubscriberQueueBytesMax >= FabricLimits.FlushBytesMax, nameof(SubscriberQueueBytesMax), "must hold one flush (16 MiB)");
        Require(PendingWritesMax > 0, nameof(PendingWritesMax), "must be positive");
        Require(ReadersMax is > 0 and <= 64, nameof(ReadersMax), "must be 1 to 64");
        Require(StoreBytesMax >= 0, nameof(StoreBytesMax), "must not be negative");
    }

    private static void Require(bool condition, string option, string need)
    {
        if (!condition)
        {
            throw new FabricException($"Embedded fabric: {option} {need}.");
        }
    }
}
