namespace RelayServer.Protocol;

/// <summary>A button of a card: <c>[label, verb, [argument…]]</c>. Pressed, it is a command to the service with the card's item.</summary>
public ref struct CardActionEntry : IListEntry<CardActionEntry>, IEncodedBody
{
    private const int FieldCount = 3;

    // An action stands in an array in the card in the body.
    private const int OpenLevels = 4;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.CardActionsMax;

    /// <summary>Most bytes it takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (3 * MessagePackWriter.HeadBytesMax);

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Label { get; set; }

    /// <summary>What the command asks for.</summary>
    public ReadOnlySpan<byte> Verb { get; set; }

    /// <summary>With what.</summary>
    public EncodedList<CommandArgument> Arguments { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Label.Length + Verb.Length + Arguments.Encoded.Length;

    /// <inheritdoc/>
    public static CardActionEntry Read(scoped ref MessagePackReader reader)
    {
        CardActionEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Label = reader.ReadString(ProtocolLimits.CardFieldNameBytesMax);
        entry.Verb = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        entry.Arguments = reader.ReadList<CommandArgument>();
        reader.Skip(extra, OpenLevels);
        return entry;
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Label);
        writer.WriteString(Verb);
        Arguments.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
