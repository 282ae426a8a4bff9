namespace RelayServer.Protocol;

/// <summary>
/// ANSWER to <see cref="QueryKind.Restrictions"/>: <c>[4, channel, [[user, kind, until_ms, by_role, reason]…], more 0|1]</c>, in
/// the order of users and kinds.
/// </summary>
public ref struct RestrictionListBody
{
    private const int FieldCount = 4;

    /// <summary>Most bytes a body takes besides its channel name and encoded restrictions.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>The restrictions.</summary>
    public EncodedList<RestrictionEntry> Restrictions { get; set; }

    /// <summary>True when there are more behind the last one.</summary>
    public bool HasMore { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out RestrictionListBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = AnswerBody.Begin(ref reader, QueryKind.Restrictions, FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.Restrictions = reader.ReadList<RestrictionEntry>();
        value.HasMore = reader.ReadUInt64(1) == 1;
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64((ulong)QueryKind.Restrictions);
        writer.WriteString(Channel);
        Restrictions.Write(ref writer);
        writer.WriteUInt64(HasMore ? 1UL : 0UL);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
