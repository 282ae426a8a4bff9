using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The users with a role of their own in the room.</summary>
internal sealed class AppointedUsers
{
    private const int FieldCount = 2;

    private readonly Dictionary<byte[], Role> _byUser = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], Role>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public AppointedUsers() => _lookup = _byUser.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _byUser.Count;

    public int EncodedBytesMax => MessagePackWriter.HeadBytesMax + _byUser.Keys.Sum(user => user.Length + 1 + (FieldCount * MessagePackWriter.IntegerBytesMax));

    /// <summary>The role that the room gave; none when it gave none.</summary>
    public Role Of(ReadOnlySpan<byte> user) => _byUser.Count > 0 && _lookup.TryGetValue(user, out Role role) ? role : Role.None;

    /// <summary>True when the same users have the same roles there.</summary>
    public bool IsSameAs(AppointedUsers other) => Count == other.Count && StateList.IsWithin(_byUser, other._byUser);

    public bool HasRoomFor(ReadOnlySpan<byte> user) => _byUser.Count < RoomLimits.AppointedMax || _lookup.ContainsKey(user);

    public void Put(ReadOnlySpan<byte> user, Role role) => _lookup[user] = role;

    public void Remove(ReadOnlySpan<byte> user) => _lookup.Remove(user);

    public void Read(scoped ref MessagePackReader reader)
    {
        int count = StateList.ReadCount(ref reader, RoomLimits.AppointedMax);
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            int extra = reader.ReadTupleHeader(FieldCount);
            ReadOnlySpan<byte> user = StateList.ReadUser(ref reader);
            var role = (Role)reader.ReadUInt64((ulong)Role.Host);
            reader.Skip(extra, StateList.OpenLevels);
            if (reader.Status == DecodeStatus.Ok && (role is Role.None or Role.Service || !_lookup.TryAdd(user, role)))
            {
                reader.Fail(DecodeStatus.OutOfRange);
            }
        }
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_byUser.Count);
        foreach ((byte[] user, Role role) in _byUser.OrderBy(pair => pair.Key, StateList.ByBytes))
        {
            writer.WriteArrayHeader(FieldCount);
            writer.WriteString(user);
            writer.WriteUInt64((ulong)role);
        }
    }
}
