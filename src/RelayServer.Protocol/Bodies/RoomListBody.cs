namespace RelayServer.Protocol;

/// <summary>
/// ANSWER to <see cref="QueryKind.Rooms"/>: <c>[3, nil, [[name, title, state, starts_at_ms, members_total]…], more 0|1]</c>,
/// in the order of the names.
/// </summary>
public ref struct RoomListBody
{
    private const int FieldCount = 4;

    /// <summary>Most bytes a body takes besides its encoded rooms.</summary>
    public const int OverheadBytesMax = 3 + MessagePackWriter.HeadBytesMax + MessagePackWriter.IntegerBytesMax;

    /// <summary>The rooms.</summary>
    public EncodedList<RoomEntry> Rooms { get; set; }

    /// <summary>True when there are more behind the last one.</summary>
    public bool HasMore { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out RoomListBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = AnswerBody.Begin(ref reader, QueryKind.Rooms, FieldCount);
        reader.ReadNil();
        value.Rooms = reader.ReadList<RoomEntry>();
        value.HasMore = reader.ReadUInt64(1) == 1;
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64((ulong)QueryKind.Rooms);
        writer.WriteNil();
        Rooms.Write(ref writer);
        writer.WriteUInt64(HasMore ? 1UL : 0UL);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
