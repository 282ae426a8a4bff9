namespace RelayServer.Protocol;

/// <summary>
/// The payload of a message of kind <see cref="MessageKind.Result"/>: <c>[service, verb, item, text, card | nil]</c>: what a command has done, told to
/// the room as a message of whoever gave it.
/// </summary>
public ref struct ResultPayload : IEncodedBody
{
    private const int FieldCount = 5;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + (4 * MessagePackWriter.HeadBytesMax);

    /// <summary>Who did it.</summary>
    public ReadOnlySpan<byte> Service { get; set; }

    /// <summary>What was done.</summary>
    public ReadOnlySpan<byte> Verb { get; set; }

    /// <summary>The item that it was about; may be empty.</summary>
    public ReadOnlySpan<byte> Item { get; set; }

    /// <summary>For people; may be empty.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    /// <summary>More to show.</summary>
    public CardBody Card { get; set; }

    /// <summary>Whether there is a card.</summary>
    public bool HasCard { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Service.Length + Verb.Length + Item.Length + Text.Length + (HasCard ? Card.EncodedBytesMax : 1);

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out ResultPayload value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Service = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.Verb = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.Item = reader.ReadString(ProtocolLimits.ItemBytesMax);
        value.Text = reader.ReadString(ProtocolLimits.ResultTextBytesMax);
        value.HasCard = CardBody.ReadOptional(ref reader, out CardBody card);
        value.Card = card;
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Service);
        writer.WriteString(Verb);
        writer.WriteString(Item);
        writer.WriteString(Text);
        Card.WriteOptional(ref writer, HasCard);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
