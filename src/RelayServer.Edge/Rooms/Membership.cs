using RelayServer.Edge.Sessions;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>A session in a channel, from JOIN to LEFT.</summary>
internal sealed class Membership(EdgeSession session, EdgeChannel channel, uint correlation, JoinStart start)
{
    public EdgeSession Session { get; } = session;

    public EdgeChannel Channel { get; } = channel;

    /// <summary>Correlation of the JOIN.</summary>
    public uint Correlation { get; } = correlation;

    public JoinStart Start { get; } = start;

    public int LastMessages { get; init; }

    public ulong BeganAtMilliseconds { get; init; }

    public MembershipPhase Phase { get; set; }

    /// <summary>JOINED was sent: <see cref="Position"/> is known to be a place in the log.</summary>
    public bool IsJoined { get; set; }

    /// <summary>A position that was seen in the log: what follows it there follows the member.</summary>
    public Position? Proven { get; set; }

    /// <summary>What the member has; moves while it catches up.</summary>
    public Position Position { get; set; }
}
