using RelayServer.Rooms;

namespace RelayServer.Master.Queries;

/// <summary>What the list of rooms says of one, as of a version of it.</summary>
internal sealed record ListedRoom(
    string Name, string Owner, string Title, BroadcastState State, ulong StartsAtMilliseconds, ulong EndedAtMilliseconds, ulong Version)
{
    /// <summary>Null for a room that nobody created: it is not listed.</summary>
    public static ListedRoom? Of(string name, RoomState room) => room.State == BroadcastState.Open
        ? null
        : new ListedRoom(name, room.Owner, room.Title, room.State, room.StartsAtMilliseconds, room.EndedAtMilliseconds, room.Version);

    /// <summary>With this in its name or title, whatever the letters' case.</summary>
    public bool Matches(string search) =>
        search.Length == 0
        || Name.Contains(search, StringComparison.OrdinalIgnoreCase)
        || Title.Contains(search, StringComparison.OrdinalIgnoreCase);
}
