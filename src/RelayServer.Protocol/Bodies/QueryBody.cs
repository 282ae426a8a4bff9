namespace RelayServer.Protocol;

/// <summary>
/// QUERY: <c>[what, channel | nil]</c>, for <see cref="QueryKind.Rooms"/> <c>[what, nil, state | nil, search, after, max]</c>, and
/// for <see cref="QueryKind.Restrictions"/> <c>[what, channel, after, after_kind, max]</c>. What a later version asks for is
/// readable to here.
/// </summary>
public ref struct QueryBody
{
    private const int CommonFieldCount = 2;
    private const int RoomsFieldCount = 4;
    private const int RestrictionsFieldCount = 3;

    /// <summary>Most bytes a body takes besides its channel name and texts.</summary>
    public const int OverheadBytesMax = 1 + (3 * MessagePackWriter.HeadBytesMax) + (3 * MessagePackWriter.IntegerBytesMax);

    /// <summary>What is asked for; may be none of the enumeration.</summary>
    public QueryKind What { get; set; }

    /// <summary>The channel; empty when there is none.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Rooms: only those in this state; null for all.</summary>
    public byte? State { get; set; }

    /// <summary>Rooms: only those with this in the name or title; empty for all.</summary>
    public ReadOnlySpan<byte> Search { get; set; }

    /// <summary>Rooms: only those whose name comes after this one; restrictions: after this user and kind. Empty for the beginning.</summary>
    public ReadOnlySpan<byte> After { get; set; }

    /// <summary>Restrictions: only those of the user <see cref="After"/> whose kind is above this one, and those of users behind.</summary>
    public byte AfterKind { get; set; }

    /// <summary>Rooms and restrictions: at most this many; 0 for as many as an answer may have.</summary>
    public byte Max { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out QueryBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(CommonFieldCount);
        value.What = (QueryKind)reader.ReadUInt64(byte.MaxValue);
        if (reader.IsNil)
        {
            reader.ReadNil();
        }
        else
        {
            value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        }

        if (value.What == QueryKind.Rooms && HasFields(ref reader, RoomsFieldCount, ref extra))
        {
            if (reader.IsNil)
            {
                reader.ReadNil();
            }
            else
            {
                value.State = (byte)reader.ReadUInt64(byte.MaxValue);
            }

            value.Search = reader.ReadString(ProtocolLimits.SearchBytesMax);
            value.After = reader.ReadString(ProtocolLimits.ChannelNameBytesMax);
            value.Max = (byte)reader.ReadUInt64(ProtocolLimits.RoomsListedMax);
        }
        else if (value.What == QueryKind.Restrictions && HasFields(ref reader, RestrictionsFieldCount, ref extra))
        {
            value.After = reader.ReadString(ProtocolLimits.UserIdBytesMax);
            value.AfterKind = (byte)reader.ReadUInt64(byte.MaxValue);
            value.Max = (byte)reader.ReadUInt64(ProtocolLimits.RestrictionsListedMax);
        }

        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(CommonFieldCount + What switch
        {
            QueryKind.Rooms => RoomsFieldCount,
            QueryKind.Restrictions => RestrictionsFieldCount,
            _ => 0,
        });
        writer.WriteUInt64((ulong)What);
        if (Channel.IsEmpty)
        {
            writer.WriteNil();
        }
        else
        {
            writer.WriteString(Channel);
        }

        if (What == QueryKind.Rooms)
        {
            WriteRooms(ref writer);
        }
        else if (What == QueryKind.Restrictions)
        {
            writer.WriteString(After);
            writer.WriteUInt64(AfterKind);
            writer.WriteUInt64(Max);
        }

        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    private static bool HasFields(scoped ref MessagePackReader reader, int fieldCount, scoped ref int extra)
    {
        if (extra < fieldCount)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return false;
        }

        extra -= fieldCount;
        return true;
    }

    private readonly void WriteRooms(ref MessagePackWriter writer)
    {
        if (State is { } state)
        {
            writer.WriteUInt64(state);
        }
        else
        {
            writer.WriteNil();
        }

        writer.WriteString(Search);
        writer.WriteString(After);
        writer.WriteUInt64(Max);
    }
}
