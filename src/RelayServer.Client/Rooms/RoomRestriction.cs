using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>What is laid on a user of a room.</summary>
/// <param name="User">On whom.</param>
/// <param name="Kind">What it is; one that a later version adds is none of the enumeration.</param>
/// <param name="Until">When it ends; null for never.</param>
/// <param name="ByRole">What the one was who laid it on: nobody lower lifts it.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record RoomRestriction(string User, RestrictionKind Kind, DateTimeOffset? Until, Role ByRole, string Reason);
