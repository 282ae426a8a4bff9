using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>A read that the edge asks of the fabric; the answer comes back with it.</summary>
/// <param name="kind">Why.</param>
/// <param name="channel">Whose log.</param>
/// <param name="epoch">From this epoch.</param>
/// <param name="seq">From this place; for a tail, how many messages.</param>
internal sealed class LogRead(LogReadKind kind, EdgeChannel channel, ulong epoch, ulong seq)
{
    public LogReadKind Kind { get; } = kind;

    public EdgeChannel Channel { get; } = channel;

    public ulong Epoch { get; } = epoch;

    public ulong Seq { get; } = seq;

    public LogKey Log => Channel.Log;

    /// <summary>Who waits for it; nobody for a repair.</summary>
    public List<Membership> Members { get; } = [];

    /// <summary>The channel's cursor when the read began; null until then. What was relayed before is in the page.</summary>
    public Position? StartedAt { get; set; }

    /// <summary>Somebody waits for it still.</summary>
    public bool IsWanted => Kind == LogReadKind.Repair
        ? !Channel.IsGone
        : Members.Exists(static member => member.Phase == MembershipPhase.Reading);
}
