using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The messages that were deleted, each with the time when: once the log has dropped what is as old, it is forgotten here, too.</summary>
internal sealed class DeletedMessages
{
    private const int FieldCount = 4;

    private readonly Dictionary<DeletedMessage, ulong> _deletedAtMilliseconds = new(new DeletedMessageComparer());
    private readonly Dictionary<DeletedMessage, ulong>.AlternateLookup<DeletedMessageName> _lookup;

    public DeletedMessages() => _lookup = _deletedAtMilliseconds.GetAlternateLookup<DeletedMessageName>();

    public int Count => _deletedAtMilliseconds.Count;

    public bool IsFull => Count >= RoomLimits.DeletedMax;

    public int EncodedBytesMax =>
        MessagePackWriter.HeadBytesMax + _deletedAtMilliseconds.Keys.Sum(message => message.User.Length + 1 + (FieldCount * MessagePackWriter.IntegerBytesMax));

    public bool Contains(ReadOnlySpan<byte> user, ulong producerId, ulong number) =>
        Count > 0 && _lookup.ContainsKey(new DeletedMessageName(user, producerId, number));

    /// <summary>True when nothing was deleted here that was not there.</summary>
    public bool IsWithin(DeletedMessages other) => StateList.IsWithin(_deletedAtMilliseconds, other._deletedAtMilliseconds);

    public void Add(ReadOnlySpan<byte> user, ulong producerId, ulong number, ulong nowMilliseconds) =>
        _lookup[new DeletedMessageName(user, producerId, number)] = nowMilliseconds;

    /// <summary>Forgets what was deleted longer ago than the log keeps anything.</summary>
    public bool Prune(ulong nowMilliseconds, ulong retentionMilliseconds)
    {
        bool any = false;
        foreach ((DeletedMessage message, ulong deletedAt) in _deletedAtMilliseconds)
        {
            any |= nowMilliseconds > deletedAt && nowMilliseconds - deletedAt > retentionMilliseconds && _deletedAtMilliseconds.Remove(message);
        }

        return any;
    }

    public void Read(scoped ref MessagePackReader reader)
    {
        int count = StateList.ReadCount(ref reader, RoomLimits.DeletedMax);
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            int extra = reader.ReadTupleHeader(FieldCount);
            ReadOnlySpan<byte> user = StateList.ReadUser(ref reader);
            ulong producerId = reader.ReadUInt64();
            ulong number = reader.ReadUInt64(ProtocolLimits.NumberMax);
            ulong deletedAt = reader.ReadUInt64(RoomLimits.NeverMilliseconds);
            reader.Skip(extra, StateList.OpenLevels);
            if (reader.Status == DecodeStatus.Ok && !_lookup.TryAdd(new DeletedMessageName(user, producerId, number), deletedAt))
            {
                reader.Fail(DecodeStatus.OutOfRange);
            }
        }
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        foreach ((DeletedMessage message, ulong deletedAt) in _deletedAtMilliseconds
            .OrderBy(pair => pair.Key.ProducerId).ThenBy(pair => pair.Key.Number).ThenBy(pair => pair.Key.User, StateList.ByBytes))
        {
            writer.WriteArrayHeader(FieldCount);
            writer.WriteString(message.User);
            writer.WriteUInt64(message.ProducerId);
            writer.WriteUInt64(message.Number);
            writer.WriteUInt64(deletedAt);
        }
    }
}
