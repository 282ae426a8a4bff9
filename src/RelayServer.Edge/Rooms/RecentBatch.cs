using RelayServer.Edge.Transport;

namespace RelayServer.Edge.Rooms;

/// <summary>A batch as it was delivered, kept for those who join or resume a moment later.</summary>
internal sealed class RecentBatch(PartitionFeed feed, SharedFrame frame, ulong epoch, ulong firstSeq, ulong lastSeq)
{
    public PartitionFeed Feed { get; } = feed;

    public SharedFrame Frame { get; set; } = frame;

    public ulong Epoch { get; } = epoch;

    public ulong FirstSeq { get; } = firstSeq;

    public ulong LastSeq { get; } = lastSeq;
}
