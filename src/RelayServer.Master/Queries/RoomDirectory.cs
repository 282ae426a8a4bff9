using RelayServer.Rooms;

namespace RelayServer.Master.Queries;

/// <summary>
/// The rooms that somebody created, whether or not they are in memory, for the list of rooms. When there are more than
/// may be listed, those that ended longest ago make room; a room that finds none is not listed, and works all the same.
/// </summary>
internal sealed class RoomDirectory(int roomsMax)
{
    // After every name that there is.
    private const string NameMax = "\uffff";

    private readonly Dictionary<string, ListedRoom> _byName = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly SortedSet<(ulong EndedAtMilliseconds, string Name)> _ended = new(ByEnd.Instance);
    private readonly Dictionary<string, int> _unendedByOwner = new(StringComparer.Ordinal);

    public int Count => _byName.Count;

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

            _ended.Remove((known.EndedAtMilliseconds, known.Name));
            CountOwner(known, -1);
        }
        else if (_byName.Count >= roomsMax && !TryForgetEnded(room))
        {
            return;
        }

        _byName[room.Name] = room;
        _names.Add(room.Name);
        CountOwner(room, 1);
        if (room.State == BroadcastState.Ended)
        {
            _ended.Add((room.EndedAtMilliseconds, room.Name));
        }
    }

    /// <summary>Rooms in the order of their names, from the first one after a name; empty for the beginning.</summary>
    public IEnumerable<ListedRoom> After(string name)
    {
        foreach (string next in _names.GetViewBetween(name, NameMax))
        {
            if (next != name)
            {
                yield return _byName[next];
            }
        }
    }

    public void Clear()
    {
        _byName.Clear();
        _names.Clear();
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

        _ended.Remove(oldest);
        _names.Remove(oldest.Name);
        return _byName.Remove(oldest.Name);
    }

    private sealed class ByEnd : IComparer<(ulong EndedAtMilliseconds, string Name)>
    {
        public static ByEnd Instance { get; } = new();

        public int Compare((ulong EndedAtMilliseconds, string Name) x, (ulong EndedAtMilliseconds, string Name) y) =>
            x.EndedAtMilliseconds.CompareTo(y.EndedAtMilliseconds) is not 0 and var order ? order : string.CompareOrdinal(x.Name, y.Name);
    }
}
