using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The users on whom something is laid, at most a given number of them.</summary>
internal sealed class RestrictedUsers
{
    private const int FieldCount = 1 + Restriction.FieldCount;

    // The reason came later: a state that was saved before has none.
    private const int FieldCountWritten = FieldCount + 1;

    private readonly int _usersMax;
    private readonly Dictionary<byte[], Restriction> _byUser = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], Restriction>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public RestrictedUsers(int usersMax)
    {
        _usersMax = usersMax;
        _lookup = _byUser.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _byUser.Count;

    public bool IsFull => _byUser.Count >= _usersMax;

    public int EncodedBytesMax =>
        MessagePackWriter.HeadBytesMax + _byUser.Sum(pair => pair.Key.Length + Encoding.UTF8.GetByteCount(pair.Value.Reason) + 1 + (FieldCountWritten * MessagePackWriter.IntegerBytesMax));

    public IEnumerable<KeyValuePair<byte[], Restriction>> All => _byUser;

    /// <summary>What is in force on a user; null when nothing is.</summary>
    public Restriction? InForce(ReadOnlySpan<byte> user, ulong nowMilliseconds) =>
        _byUser.Count > 0 && _lookup.TryGetValue(user, out Restriction restriction) && restriction.IsInForce(nowMilliseconds) ? restriction : null;

    /// <summary>True when nothing is laid on anybody here that is not there, and for as long.</summary>
    public bool IsWithin(RestrictedUsers other) => StateList.IsWithin(_byUser, other._byUser);

    /// <summary>True when a user can be added, or has an entry that can be replaced.</summary>
    public bool HasRoomFor(ReadOnlySpan<byte> user) => !IsFull || _lookup.ContainsKey(user);

    public void Put(ReadOnlySpan<byte> user, Restriction restriction) => _lookup[user] = restriction;

    public void Remove(ReadOnlySpan<byte> user) => _lookup.Remove(user);

    public bool Prune(ulong nowMilliseconds)
    {
        bool any = false;
        foreach ((byte[] user, Restriction restriction) in _byUser)
        {
            any |= !restriction.IsInForce(nowMilliseconds) && _byUser.Remove(user);
        }

        return any;
    }

    public void Read(scoped ref MessagePackReader reader)
    {
        int count = StateList.ReadCount(ref reader, _usersMax);
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            int extra = reader.ReadTupleHeader(FieldCount);
            ReadOnlySpan<byte> user = StateList.ReadUser(ref reader);
            Restriction restriction = ReadRestriction(ref reader);
            if (extra > 0)
            {
                extra--;
                restriction = restriction with { Reason = Encoding.UTF8.GetString(reader.ReadString(RoomLimits.ReasonBytesMax)) };
            }

            reader.Skip(extra, StateList.OpenLevels);
            if (reader.Status == DecodeStatus.Ok && !_lookup.TryAdd(user, restriction))
            {
                reader.Fail(DecodeStatus.OutOfRange);
            }
        }
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_byUser.Count);
        foreach ((byte[] user, Restriction restriction) in _byUser.OrderBy(pair => pair.Key, StateList.ByBytes))
        {
            writer.WriteArrayHeader(FieldCountWritten);
            writer.WriteString(user);
            WriteRestriction(ref writer, restriction);
            ControlWriter.WriteString(ref writer, restriction.Reason);
        }
    }

    public static Restriction ReadRestriction(scoped ref MessagePackReader reader) => new(
        reader.ReadUInt64(RoomLimits.NeverMilliseconds),
        (Role)reader.ReadUInt64((ulong)Role.Operator),
        reader.ReadBoolean());

    public static void WriteRestriction(ref MessagePackWriter writer, Restriction restriction)
    {
        writer.WriteUInt64(restriction.UntilMilliseconds);
        writer.WriteUInt64((ulong)restriction.ByRole);
        writer.WriteBoolean(restriction.IsKick);
    }
}
