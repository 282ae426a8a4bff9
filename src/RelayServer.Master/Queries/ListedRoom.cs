using RelayServer.Rooms;

namespace RelayServer.Master.Queries;

/// <summary>What the list of rooms says of one.</summary>
internal sealed record ListedRoom(string Name, string Title, BroadcastState State, ulong StartsAtMilliseconds)
{
    /// <summary>A case-insensitive part of its name or title.</summary>
    public bool Matches(string search) =>
        search.Length == 0
        || Name.Contains(search, StringComparison.OrdinalIgnoreCase)
        || Title.Contains(search, StringComparison.OrdinalIgnoreCase);
}
