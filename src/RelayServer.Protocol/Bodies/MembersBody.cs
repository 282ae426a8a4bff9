namespace RelayServer.Protocol;

/// <summary>ANSWER to <see cref="QueryKind.Members"/>: <c>[2, channel, total, [user…]]</c>.</summary>
public ref struct MembersBody
{
    private const int FieldCount = 4;

    /// <summary>Most bytes a body takes besides its channel name and encoded names.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Members of all partitions.</summary>
    public uint Total { get; set; }

    /// <summary>Their user ids; empty when there are more than the room lists.</summary>
    public EncodedList<MemberName> Users { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out MembersBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = AnswerBody.Begin(ref reader, QueryKind.Members, FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.Total = reader.ReadUInt32();
        value.Users = reader.ReadList<MemberName>();
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64((ulong)QueryKind.Members);
        writer.WriteString(Channel);
        writer.WriteUInt64(Total);
        Users.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
