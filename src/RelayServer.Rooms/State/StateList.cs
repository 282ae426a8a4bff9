using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>What the lists in a room's state have in common.</summary>
internal static class StateList
{
    /// <summary>The arrays around an element of an entry: the state, the list, the entry.</summary>
    public const int OpenLevels = 3;

    /// <summary>The order in which entries are written, so that equal states are equal bytes.</summary>
    public static Comparer<byte[]> ByBytes { get; } = Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y));

    /// <summary>True when every entry is there, too, with the same value.</summary>
    public static bool IsWithin<TKey, TValue>(Dictionary<TKey, TValue> entries, Dictionary<TKey, TValue> others)
        where TKey : notnull
        where TValue : struct
    {
        foreach ((TKey key, TValue value) in entries)
        {
            if (!others.TryGetValue(key, out TValue other) || !EqualityComparer<TValue>.Default.Equals(value, other))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads how many entries there are; fails above the bound.</summary>
    public static int ReadCount(scoped ref MessagePackReader reader, int max)
    {
        int count = reader.ReadArrayHeader();
        if (count > max)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return 0;
        }

        return count;
    }

    /// <summary>Reads the id of a user; an empty one is none.</summary>
    public static ReadOnlySpan<byte> ReadUser(scoped ref MessagePackReader reader)
    {
        ReadOnlySpan<byte> user = reader.ReadString(ProtocolLimits.UserIdBytesMax);
        if (user.IsEmpty)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        return user;
    }
}
