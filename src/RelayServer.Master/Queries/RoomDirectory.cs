using RelayServer.Rooms;

namespace RelayServer.Master.Queries;

/// <summary>
/// The rooms that somebody created, whether or not they are in memory, for the list of rooms. When there are more than
/// may be listed, those that have ended make room; a room that finds none is not listed, and works all the same.
/// </summary>
internal sealed class RoomDirectory(int roomsMax)
{
    private readonly SortedDictionary<string, ListedRoom> _rooms = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _ended = new();

    public int Count => _rooms.Count;

    /// <summary>Notes what a room is now.</summary>
    public void Note(string name, RoomState room)
    {
        if (room.State == BroadcastState.Open)
        {
            return;
        }

        if (_rooms.TryGetValue(name, out ListedRoom? known) && known.State == BroadcastState.Ended)
        {
            _ended.Remove(name);
        }
        else if (known is null && _rooms.Count >= roomsMax && !TryForgetEnded())
        {
            return;
        }

        _rooms[name] = new ListedRoom(name, room.Title, room.State, room.StartsAtMilliseconds);
        if (room.State == BroadcastState.Ended)
        {
            _ended.AddLast(name);
        }
    }

    /// <summary>Rooms in the order of their names, from the first one after a name.</summary>
    public IEnumerable<ListedRoom> Find(BroadcastState? state, string search, string after) => _rooms.Values.Where(
        room => string.CompareOrdinal(room.Name, after) > 0 && (state is null || room.State == state) && room.Matches(search));

    public void Clear()
    {
        _rooms.Clear();
        _ended.Clear();
    }

    private bool TryForgetEnded()
    {
        if (_ended.First is not { } oldest)
        {
            return false;
        }

        _ended.RemoveFirst();
        return _rooms.Remove(oldest.Value);
    }
}
