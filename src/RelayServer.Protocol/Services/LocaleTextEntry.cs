namespace RelayServer.Protocol;

/// <summary>A text of a service in a language: <c>[locale, key, text]</c>.</summary>
public ref struct LocaleTextEntry : IListEntry<LocaleTextEntry>, IEncodedBody
{
    private const int FieldCount = 3;

    // A text stands in an array in the body.
    private const int OpenLevels = 3;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.LocaleTextsMax;

    /// <summary>Most bytes it takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (3 * MessagePackWriter.HeadBytesMax);

    /// <summary>BCP 47, such as de or de-AT.</summary>
    public ReadOnlySpan<byte> Locale { get; set; }

    /// <summary>Of what it is the text: title, description, verb.NAME or topic.NAME.</summary>
    public ReadOnlySpan<byte> Key { get; set; }

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Locale.Length + Key.Length + Text.Length;

    /// <inheritdoc/>
    public static LocaleTextEntry Read(scoped ref MessagePackReader reader)
    {
        LocaleTextEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Locale = reader.ReadString(ProtocolLimits.LocaleBytesMax);
        entry.Key = reader.ReadString(ProtocolLimits.LocaleKeyBytesMax);
        entry.Text = reader.ReadString(ProtocolLimits.RoomTextBytesMax);
        reader.Skip(extra, OpenLevels);
        return entry;
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Locale);
        writer.WriteString(Key);
        writer.WriteString(Text);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
