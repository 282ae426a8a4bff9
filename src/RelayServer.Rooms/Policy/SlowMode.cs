using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// When the members of a room spoke last, for the pause that slow mode wants between two messages of one of them. Bounded:
/// beyond that many speakers within one pause, those who spoke longest ago may speak again early.
/// </summary>
public sealed class SlowMode
{
    /// <summary>How many speakers are remembered unless said otherwise.</summary>
    public const int UsersMaxDefault = 10_000;

    private readonly int _usersMax;
    private readonly Queue<(byte[] User, ulong AtMilliseconds)> _spoken = new();
    private readonly Dictionary<byte[], ulong> _lastMilliseconds = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], ulong>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    /// <summary>Nobody has spoken.</summary>
    /// <param name="usersMax">How many speakers are remembered at most.</param>
    public SlowMode(int usersMax = UsersMaxDefault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(usersMax, 1);
        _usersMax = usersMax;
        _lookup = _lastMilliseconds.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>How many speakers are remembered.</summary>
    public int Count => _spoken.Count;

    /// <summary>How long a user has to wait before he may speak, in milliseconds; 0: he may now.</summary>
    /// <param name="user">The user's id.</param>
    /// <param name="pauseMilliseconds">The room's setting.</param>
    /// <param name="nowMilliseconds">The time.</param>
    public uint WaitMilliseconds(ReadOnlySpan<byte> user, ulong pauseMilliseconds, ulong nowMilliseconds)
    {
        if (pauseMilliseconds == 0 || !_lookup.TryGetValue(user, out ulong last))
        {
            return 0;
        }

        // A clock that was set back makes nobody wait for longer than the pause.
        ulong since = nowMilliseconds > last ? nowMilliseconds - last : 0;
        return since >= pauseMilliseconds ? 0 : (uint)Math.Min(uint.MaxValue, pauseMilliseconds - since);
    }

    /// <summary>Remembers that a user has spoken now.</summary>
    public void Spoke(ReadOnlySpan<byte> user, ulong pauseMilliseconds, ulong nowMilliseconds)
    {
        while (_spoken.TryPeek(out (byte[] User, ulong AtMilliseconds) oldest)
            && (_spoken.Count >= _usersMax || nowMilliseconds > oldest.AtMilliseconds + pauseMilliseconds))
        {
            _spoken.Dequeue();
            if (_lastMilliseconds.TryGetValue(oldest.User, out ulong last) && last == oldest.AtMilliseconds)
            {
                _lastMilliseconds.Remove(oldest.User);
            }
        }

        if (pauseMilliseconds > 0)
        {
            byte[] name = user.ToArray();
            _lastMilliseconds[name] = nowMilliseconds;
            _spoken.Enqueue((name, nowMilliseconds));
        }
    }
}
