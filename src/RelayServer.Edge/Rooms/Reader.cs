using RelayServer.Edge.Sessions;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>Where a member stands in one log, and how it goes on from there.</summary>
internal sealed class Reader(Membership membership, PartitionFeed feed)
{
    public Membership Membership { get; } = membership;

    public EdgeSession Session => Membership.Session;

    /// <summary>What it reads.</summary>
    public PartitionFeed Feed { get; set; } = feed;

    public ReaderPhase Phase { get; set; }

    /// <summary>What the member has; moves while it catches up.</summary>
    public Position Position { get; private set; }

    /// <summary>The position was seen in the log: what follows it there follows the member.</summary>
    public bool IsProven { get; private set; }

    public void StandAt(Position position, bool isProven)
    {
        Position = position;

        // Everything follows the beginning.
        IsProven = isProven || position.Seq == 0;
    }
}
