using RelayServer.Edge.Sessions;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>Where a member stands in one log, and how it goes on from there. An observer has one for each partition.</summary>
internal sealed class Reader(Membership membership, PartitionFeed feed)
{
    public Membership Membership { get; } = membership;

    public EdgeSession Session => Membership.Session;

    /// <summary>What it reads.</summary>
    public PartitionFeed Feed { get; set; } = feed;

    /// <summary>The same member's reader of the next partition; null for the last one, and for all who observe nothing.</summary>
    public Reader? Next { get; set; }

    public ReaderPhase Phase { get; set; }

    /// <summary>Its start is yet to be found: with JOINED, or with the first that an observer hears of the partition.</summary>
    public bool IsArriving { get; set; }

    /// <summary>While it arrives: how many of the last messages it still wants from the log that it reads; 0 for a position.</summary>
    public int WantedMessages { get; set; }

    /// <summary>What the member has; moves while it catches up.</summary>
    public Position Position { get; private set; }

    /// <summary>The position was seen in the page that is being sent: what follows it there follows the member.</summary>
    public bool IsProven { get; private set; }

    /// <summary>
    /// What a page began with that could not tell whether it follows the position. The position is looked up after that: when it is still in
    /// the log, this entry follows it. The other way round the log could lose the position in between, and an entry more.
    /// </summary>
    public (ulong Epoch, ulong LastSeq)? Candidate { get; set; }

    public void StandAt(Position position, bool isProven)
    {
        Position = position;

        // Everything follows the beginning.
        IsProven = isProven || position.Seq == 0;
        Candidate = null;
    }
}
