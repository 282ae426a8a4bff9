namespace RelayServer.Protocol;

/// <summary>
/// ANSWER to <see cref="QueryKind.Menu"/>: <c>[5, channel | nil, [[kind, name, title, description, flags]…], more 0|1]</c>.
/// </summary>
public ref struct MenuBody : IEncodedBody
{
    private const int FieldCount = 4;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>That of the question.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>In the order of kinds and names.</summary>
    public EncodedList<MenuEntry> Entries { get; set; }

    /// <summary>There are more behind the last one.</summary>
    public bool HasMore { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Channel.Length + Entries.Encoded.Length;

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out MenuBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = AnswerBody.Begin(ref reader, QueryKind.Menu, FieldCount);
        value.Channel = reader.ReadOptionalString(ProtocolLimits.TextBytesMax);
        value.Entries = reader.ReadList<MenuEntry>();
        value.HasMore = reader.ReadUInt64(1) == 1;
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64((ulong)QueryKind.Menu);
        writer.WriteOptionalString(Channel);
        Entries.Write(ref writer);
        writer.WriteUInt64(HasMore ? 1UL : 0UL);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
