using RelayServer.Fabric;

namespace RelayServer.Edge.Rooms;

/// <summary>A read that the edge asks of the fabric; the answer comes back with it.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Channel">Whose log.</param>
/// <param name="Member">For whom; null for a repair.</param>
/// <param name="Epoch">From this epoch.</param>
/// <param name="Seq">From this place; for a tail, how many messages.</param>
internal sealed record LogRead(LogReadKind Kind, EdgeChannel Channel, Membership? Member, ulong Epoch, ulong Seq)
{
    public LogKey Log => Channel.Log;
}
