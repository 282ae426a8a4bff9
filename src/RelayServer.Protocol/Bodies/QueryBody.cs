namespace RelayServer.Protocol;

/// <summary>
/// QUERY: <c>[what, channel | nil]</c>, and for <see cref="QueryKind.Rooms"/>
/// <c>[what, nil, state | nil, search, after, max]</c>. What a later version asks for is readable to here.
/// </summary>
public ref struct QueryBody
{
    private const int CommonFieldCount = 2;
    private const int RoomsFieldCount = 4;

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

    /// <summary>Rooms: only those whose name comes after this one; empty for the beginning.</summary>
    public ReadOnlySpan<byte> After { get; set; }

    /// <summary>Rooms: at most this many; 0 for as many as an answer may have.</summary>
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

        if (value.What == QueryKind.Rooms && HasRoomsFields(ref reader, ref extra))
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

        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(What == QueryKind.Rooms ? CommonFieldCount + RoomsFieldCount : CommonFieldCount);
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

        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    private static bool HasRoomsFields(scoped ref MessagePackReader reader, scoped ref int extra)
    {
        if (extra < RoomsFieldCount)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return false;
        }

        extra -= RoomsFieldCount;
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
