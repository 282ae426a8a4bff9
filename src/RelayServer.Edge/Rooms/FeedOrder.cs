using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>How places in one log, and what comes there, follow each other.</summary>
internal static class FeedOrder
{
    /// <summary>The beginning is one place, whatever epoch it was told with.</summary>
    public static bool IsSame(Position one, Position other) =>
        one.Seq == other.Seq && (one.Epoch == other.Epoch || one.Seq == 0) && one.Generation == other.Generation && one.Partition == other.Partition;

    public static bool IsBefore(Position cursor, Position top) =>
        !IsSame(cursor, top) && (cursor.Epoch < top.Epoch || (cursor.Epoch == top.Epoch && cursor.Seq < top.Seq));

    public static bool IsNewer(Position cursor, in ParkedBatch batch) =>
        batch.Epoch > cursor.Epoch || (batch.Epoch == cursor.Epoch && batch.LastSeq > cursor.Seq);

    /// <summary>A new epoch may have replaced what the members have, also when its seq goes on from theirs: the log tells.</summary>
    public static bool IsHole(Position cursor, in ParkedBatch batch) =>
        batch.FirstSeq > cursor.Seq + 1 || (batch.Epoch != cursor.Epoch && cursor.Seq > 0);

    /// <summary>The page begins with the entry in which the cursor stands.</summary>
    public static bool StartsAt(Position cursor, LogPage page) =>
        cursor.Seq == 0
        || (page.Entries.Count > 0 && page.Entries[0].Epoch == cursor.Epoch && page.Entries[0].LastSeq >= cursor.Seq);

    /// <summary>The entry is the one behind which the cursor stands.</summary>
    public static bool EndsAt(in LogEntry entry, Position cursor) => entry.Epoch == cursor.Epoch && entry.LastSeq == cursor.Seq;

    /// <summary>The place right before a batch.</summary>
    public static Position Before(in ParkedBatch batch, Position cursor) => cursor with { Epoch = batch.Epoch, Seq = batch.FirstSeq - 1 };

    /// <summary>The top of a partition, when the owner has told it.</summary>
    public static Position? Top(IReadOnlyList<Position>? tops, uint partition)
    {
        foreach (Position top in tops ?? [])
        {
            if (top.Partition == partition)
            {
                return top;
            }
        }

        return null;
    }

    /// <summary>There are feeds of older generations, whose readers will come here.</summary>
    public static bool HasOlder(PartitionFeed feed)
    {
        foreach (PartitionFeed other in feed.Room.Feeds)
        {
            if (other.Log.Generation < feed.Log.Generation)
            {
                return true;
            }
        }

        return false;
    }
}
