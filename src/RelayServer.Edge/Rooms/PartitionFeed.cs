using RelayServer.Edge.Fanout;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>One partition of a room as this edge follows it: the cursor in its log, and who reads along.</summary>
internal sealed class PartitionFeed(EdgeRoom room, Position cursor)
{
    public EdgeRoom Room { get; } = room;

    public LogKey Log { get; } = new(room.Channel, cursor.Generation, cursor.Partition);

    /// <summary>Everything up to here was handed to the members.</summary>
    public Position Cursor { get; set; } = cursor;

    /// <summary>Live members by shard; each list belongs to its shard's thread. Absent before the first.</summary>
    public MemberList[]? Members { get; set; }

    /// <summary>Readers, live or on their way.</summary>
    public int ReaderCount { get; set; }

    public LinkedList<LinkedListNode<RecentBatch>> Recent { get; } = new();

    public int RecentBytes { get; set; }

    /// <summary>A hole in front of the cursor is being read from the log; at most one read at a time.</summary>
    public bool IsRepairing { get; set; }

    /// <summary>The repair under way has brought something.</summary>
    public bool HasRepairProgress { get; set; }

    /// <summary>Readers that are beyond the cursor; live once it is where they are. Absent while there are none.</summary>
    public List<Reader>? Ahead { get; set; }

    /// <summary>What came while repairing, in order; absent while there is nothing.</summary>
    public Queue<ParkedBatch>? Parked { get; set; }

    public int ParkedBytes { get; set; }

    /// <summary>The hole is filled; what came meanwhile is being handed out step by step.</summary>
    public bool IsUnparking { get; set; }

    /// <summary>Nobody reads here any more; what is still under way counts no more.</summary>
    public bool IsGone { get; set; }
}
