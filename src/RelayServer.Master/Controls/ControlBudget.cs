using RelayServer.Master.Channels;
using RelayServer.Protocol;

namespace RelayServer.Master.Controls;

/// <summary>
/// What users' changes of rooms cost: the whole state of a room, once for the store and once for each edge with members.
/// Nobody spends more than his share, whatever rooms and connections he does it through.
/// </summary>
/// <param name="bytesPerSecond">The share of a user; as much may be spent at once.</param>
internal sealed class ControlBudget(int bytesPerSecond)
{
    private const ulong BurstMicroseconds = 1_000_000;
    private const ulong MicrosecondsPerMillisecond = 1000;

    // When what a user has spent is paid off; of those who owe nothing for a second at most.
    private readonly Dictionary<byte[], ulong> _paidOffAtMicroseconds = new(Utf8KeyComparer.Instance);

    /// <summary>Users who have spent something a moment ago.</summary>
    public int Count => _paidOffAtMicroseconds.Count;

    /// <summary>How long a user has to wait before his next change, in milliseconds; 0: he need not.</summary>
    public uint WaitMilliseconds(ReadOnlySpan<byte> user, ulong nowMilliseconds)
    {
        ulong paidUntil = (nowMilliseconds * MicrosecondsPerMillisecond) + BurstMicroseconds;
        _paidOffAtMicroseconds.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(user, out ulong paidOff);
        return paidOff <= paidUntil
            ? 0
            : (uint)Math.Min((paidOff - paidUntil + MicrosecondsPerMillisecond - 1) / MicrosecondsPerMillisecond, uint.MaxValue);
    }

    /// <summary>A user has changed a room.</summary>
    public void Spend(ReadOnlySpan<byte> user, ChannelState channel, ulong nowMilliseconds)
    {
        Dictionary<byte[], ulong>.AlternateLookup<ReadOnlySpan<byte>> byUser = _paidOffAtMicroseconds.GetAlternateLookup<ReadOnlySpan<byte>>();
        byUser.TryGetValue(user, out ulong paidOff);
        ulong bytes = (ulong)channel.RoomBytesLast * (1 + (ulong)channel.Interested.Count);
        byUser[user] = Math.Max(paidOff, nowMilliseconds * MicrosecondsPerMillisecond) + (bytes * BurstMicroseconds / (ulong)bytesPerSecond);
    }

    /// <summary>About once a second: forgets who owes nothing.</summary>
    public void Tick(ulong nowMilliseconds)
    {
        foreach ((byte[] user, ulong paidOff) in _paidOffAtMicroseconds)
        {
            if (paidOff <= nowMilliseconds * MicrosecondsPerMillisecond)
            {
                _paidOffAtMicroseconds.Remove(user);
            }
        }
    }
}
