namespace RelayServer.Protocol;

/// <summary>One field of a card: <c>[name, value]</c>.</summary>
public ref struct CardFieldEntry : IListEntry<CardFieldEntry>, IEncodedBody
{
    private const int FieldCount = 2;

    // A field stands in an array in the card in the body.
    private const int OpenLevels = 4;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.CardFieldsMax;

    /// <summary>Most bytes it takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax);

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Value { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Name.Length + Value.Length;

    /// <inheritdoc/>
    public static CardFieldEntry Read(scoped ref MessagePackReader reader)
    {
        CardFieldEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Name = reader.ReadString(ProtocolLimits.CardFieldNameBytesMax);
        entry.Value = reader.ReadString(ProtocolLimits.CardFieldValueBytesMax);
        reader.Skip(extra, OpenLevels);
        return entry;
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Name);
        writer.WriteString(Value);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
