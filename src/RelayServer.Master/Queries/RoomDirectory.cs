using RelayServer.Rooms;

namespace RelayServer.Master.Queries;

/// <summary>
/// The rooms that somebody created, whether or not they are in memory, for the list of rooms. When there are more than
/// may be listed, those that ended longest ago make room; a room that finds none is not listed, and works all the same.
/// </summary>
internal sealed class RoomDirectory(int roomsMax)
{
    // After every name that there is.
    private static readonly ListedRoom s_last = Bound("\uffff");

    private readonly Dictionary<string, ListedRoom> _byName = new(StringComparer.Ordinal);
    private readonly SortedSet<ListedRoom> _rooms = new(ByName.Instance);

    // So that a list of the rooms in one state does not look at the others.
    private readonly SortedSet<ListedRoom>[] _roomsByState = [.. Enum.GetValues<BroadcastState>().Select(_ => new SortedSet<ListedRoom>(ByName.Instance))];
    private readonly SortedSet<(ulong EndedAtMilliseconds, string Name)> _ended = new(ByEnd.Instance);
    private readonly Dictionary<string, int> _unendedByOwner = new(StringComparer.Ordinal);

    public int Count => _byName.Count;

    /// <summary>There is no room for one more, as none has ended that could make it.</summary>
    public bool IsFull => _byName.Count >= roomsMax && _ended.Count == 0;

    /// <summary>Listed rooms of an owner that have not ended.</summary>
    public int CountUnended(string owner) => _unendedByOwner.GetValueOrDefault(owner);

    /// <summary>Notes what a room is now; what is known of a later version of it stays.</summary>
    public void Note(ListedRoom room)
    {
        if (_byName.TryGetValue(room.Name, out ListedRoom? known))
        {
            if (known.Version > room.Version)
            {
                return;
            }

            Remove(known);
        }
        else if (_byName.Count >= roomsMax && !TryForgetEnded(room))
        {
            return;
        }

        _byName.Add(room.Name, room);
        _rooms.Add(room);
        _roomsByState[(int)room.State].Add(room);
        CountOwner(room, 1);
        if (room.State == BroadcastState.Ended)
        {
            _ended.Add((room.EndedAtMilliseconds, room.Name));
        }
    }

    /// <summary>Rooms in the order of their names, from the first one after a name; empty for the beginning.</summary>
    public IEnumerable<ListedRoom> After(string name, BroadcastState? state = null)
    {
        SortedSet<ListedRoom> rooms = state is { } one ? _roomsByState[(int)one] : _rooms;
        foreach (ListedRoom room in rooms.GetViewBetween(Bound(name), s_last))
        {
            if (room.Name != name)
            {
                yield return room;
            }
        }
    }

    public void Clear()
    {
        _byName.Clear();
        _rooms.Clear();
        foreach (SortedSet<ListedRoom> rooms in _roomsByState)
        {
            rooms.Clear();
        }

        _ended.Clear();
        _unendedByOwner.Clear();
    }

    private void CountOwner(ListedRoom room, int change)
    {
        if (room.State == BroadcastState.Ended)
        {
            return;
        }

        int count = CountUnended(room.Owner) + change;
        if (count == 0)
        {
            _unendedByOwner.Remove(room.Owner);
        }
        else
        {
            _unendedByOwner[room.Owner] = count;
        }
    }

    // Of rooms that have ended the later ones stay.
    private bool TryForgetEnded(ListedRoom inFavourOf)
    {
        if (_ended.Count == 0)
        {
            return false;
        }

        (ulong EndedAtMilliseconds, string Name) oldest = _ended.Min;
        if (inFavourOf.State == BroadcastState.Ended && inFavourOf.EndedAtMilliseconds <= oldest.EndedAtMilliseconds)
        {
            return false;
        }

        Remove(_byName[oldest.Name]);
        return true;
    }

    private void Remove(ListedRoom room)
    {
        _byName.Remove(room.Name);
        _rooms.Remove(room);
        _roomsByState[(int)room.State].Remove(room);
        _ended.Remove((room.EndedAtMilliseconds, room.Name));
        CountOwner(room, -1);
    }

    private static ListedRoom Bound(string name) => new(name, "", "", default, 0, 0, 0);

    private sealed class ByName : IComparer<ListedRoom>
    {
        public static ByName Instance { get; } = new();

        public int Compare(ListedRoom? x, ListedRoom? y) => string.CompareOrdinal(x?.Name, y?.Name);
    }

    private sealed class ByEnd : IComparer<(ulong EndedAtMilliseconds, string Name)>
    {
        public static ByEnd Instance { get; } = new();

        public int Compare((ulong EndedAtMilliseconds, string Name) x, (ulong EndedAtMilliseconds, string Name) y) =>
            x.EndedAtMilliseconds.CompareTo(y.EndedAtMilliseconds) is not 0 and var order ? order : string.CompareOrdinal(x.Name, y.Name);
    }
}
