namespace RelayServer.Protocol;

/// <summary>
/// RESULT: <c>[channel | nil, number, service, verb, text, card | nil]</c>: a command was done. The correlation is that of the COMMAND, or
/// of the PUBLISH whose text it was.
/// </summary>
public ref struct ResultBody : IEncodedBody
{
    private const int FieldCount = 6;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + (4 * MessagePackWriter.HeadBytesMax) + MessagePackWriter.IntegerBytesMax;

    /// <summary>That of the command.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>That of the command.</summary>
    public ulong Number { get; set; }

    /// <summary>Who did it.</summary>
    public ReadOnlySpan<byte> Service { get; set; }

    /// <summary>What was done.</summary>
    public ReadOnlySpan<byte> Verb { get; set; }

    /// <summary>For people; may be empty.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    /// <summary>More to show.</summary>
    public CardBody Card { get; set; }

    /// <summary>Whether there is a card.</summary>
    public bool HasCard { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Channel.Length + Service.Length + Verb.Length + Text.Length + (HasCard ? Card.EncodedBytesMax : 1);

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out ResultBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadOptionalString(ProtocolLimits.TextBytesMax);
        value.Number = reader.ReadUInt64(ProtocolLimits.NumberMax);
        value.Service = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.Verb = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
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
        writer.WriteOptionalString(Channel);
        writer.WriteUInt64(Number);
        writer.WriteString(Service);
        writer.WriteString(Verb);
        writer.WriteString(Text);
        Card.WriteOptional(ref writer, HasCard);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
