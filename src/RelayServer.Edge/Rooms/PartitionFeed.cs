using RelayServer.Edge.Fanout;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// One partition of a room in one generation, as this edge reads it. A live feed follows the relays; one whose log has
/// ended, or that nobody follows, is only read by those who come from there.
/// </summary>
internal sealed class PartitionFeed(EdgeRoom room, Position cursor)
{
    // What a page of the repair under way began with that could not tell whether it follows the cursor.
    private (ulong Epoch, ulong LastSeq)? _candidate;

    public EdgeRoom Room { get; } = room;

    public LogKey Log { get; } = new(room.Channel, cursor.Generation, cursor.Partition);

    /// <summary>Everything up to here was handed to the members. Without meaning while <see cref="IsPast"/>.</summary>
    public Position Cursor { get; set; } = cursor;

    /// <summary>The log is over, and its end not known: whoever reads it will find it.</summary>
    public bool IsPast { get; set; }

    /// <summary>Where its readers go from the cursor, as the log ends there for them; null when it does not, or not yet.</summary>
    public Onward? Onward { get; set; }

    /// <summary>It follows the relays.</summary>
    public bool IsLive => !IsPast && Onward is null;

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

    /// <summary>The repair under way may have begun too early: another follows it.</summary>
    public bool MustRepairAgain { get; set; }

    /// <summary>The generation because of which the end of this log was last looked for.</summary>
    public ulong EndSoughtFor { get; set; }

    /// <summary>Readers that are beyond the cursor; live once it is where they are. Absent while there are none.</summary>
    public List<Reader>? Ahead { get; set; }

    /// <summary>What came while repairing, in order; absent while there is nothing.</summary>
    public ParkedBatches? Parked { get; private set; }

    /// <summary>Told by the relay that is being taken; absent without.</summary>
    public Queue<SkippedRange>? Skipped { get; set; }

    /// <summary>The hole is filled; what came meanwhile is being handed out step by step.</summary>
    public bool IsUnparking { get; set; }

    /// <summary>Nobody reads here any more; what is still under way counts no more.</summary>
    public bool IsGone { get; set; }

    /// <summary>A repair begins: nothing is known of what follows, and whatever came before this is in what it will read.</summary>
    public void BeginRepair()
    {
        IsRepairing = true;
        HasRepairProgress = false;
        MustRepairAgain = false;
        _candidate = null;
    }

    /// <summary>Keeps what came while the hole is being filled; what there is no room for is read from the log.</summary>
    public void Park(in ParkedBatch batch, ParkedBudget budget)
    {
        // The page under way may have been read before this was logged, and nothing may come after it that shows a hole.
        MustRepairAgain |= !(Parked ??= new ParkedBatches(budget)).TryAdd(batch);
    }

    public void ForgetParked()
    {
        Parked?.Clear();
        Parked = null;
    }

    /// <summary>
    /// A page that goes on with another epoch than the cursor's cannot tell whether it follows: the log may have lost the
    /// cursor's entry since the page before. That is to be looked up; when it is there, what was found before follows it.
    /// </summary>
    /// <param name="readSeq">Where the page was read from.</param>
    /// <param name="page">It.</param>
    public bool MustProve(ulong readSeq, LogPage page)
    {
        bool goesOn = readSeq > Cursor.Seq && Cursor.Seq > 0;
        if (!goesOn || page.Entries.Count == 0 || page.Entries[0].Epoch == Cursor.Epoch)
        {
            return false;
        }

        (ulong Epoch, ulong LastSeq) first = (page.Entries[0].Epoch, page.Entries[0].LastSeq);
        bool isProven = _candidate == first;
        _candidate = isProven ? null : first;
        return !isProven;
    }
}
