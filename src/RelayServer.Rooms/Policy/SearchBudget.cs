namespace RelayServer.Rooms;

/// <summary>
/// How many rooms the searches of a second may look at in all: one that matches nothing looks at every room. Half of it is
/// kept for users for whom none was looked at in this second or the last one, so that who searches for much again and again
/// costs the others nothing; in the other half everybody who searches has an equal share.
/// </summary>
/// <param name="key">A secret of the process, for the hashes of users.</param>
public sealed class SearchBudget(UInt128 key)
{
    /// <summary>Rooms in a second. A search is not broken off, so the last one may go beyond.</summary>
    public const int RoomsMax = 500_000;

    /// <summary>How many users of a second are told apart. Those beyond have no part in the half that is kept.</summary>
    public const int UsersMax = 4096;

    private const int SharedRoomsMax = RoomsMax / 2;

    private Dictionary<ulong, int> _roomsByUser = [];
    private Dictionary<ulong, int> _roomsByUserBefore = [];
    private int _rooms;
    private int _users;

    /// <summary>Users who searched in this second and are told apart.</summary>
    public int UserCount => _roomsByUser.Count;

    /// <summary>Whether a user may search now. Who may not has asked all the same.</summary>
    public bool MaySearch(ReadOnlySpan<byte> user)
    {
        ulong asker = SipHash.Of(key, user);
        bool isKnown = Add(asker, out int rooms);
        if (isKnown && rooms == 0 && _roomsByUserBefore.GetValueOrDefault(asker) == 0)
        {
            return _rooms < RoomsMax;
        }

        return _rooms < SharedRoomsMax && rooms < SharedRoomsMax / Math.Max(1, _users);
    }

    /// <summary>A user's search has looked at so many rooms.</summary>
    public void Searched(ReadOnlySpan<byte> user, int rooms)
    {
        _rooms += rooms;
        ulong asker = SipHash.Of(key, user);
        if (_roomsByUser.TryGetValue(asker, out int before))
        {
            _roomsByUser[asker] = before + rooms;
        }
    }

    /// <summary>About once a second.</summary>
    public void Tick()
    {
        (_roomsByUser, _roomsByUserBefore) = (_roomsByUserBefore, _roomsByUser);
        _roomsByUser.Clear();
        _users = _roomsByUserBefore.Count;
        _rooms = 0;
    }

    private bool Add(ulong asker, out int rooms)
    {
        if (_roomsByUser.TryGetValue(asker, out rooms))
        {
            return true;
        }

        if (_roomsByUser.Count >= UsersMax)
        {
            return false;
        }

        _roomsByUser.Add(asker, 0);
        _users += _roomsByUserBefore.ContainsKey(asker) ? 0 : 1;
        return true;
    }
}
