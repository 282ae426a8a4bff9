namespace RelayServer.Protocol;

/// <summary>
/// RETURN: <c>[ticket, status, text, card | nil]</c>: what came of a call.
/// </summary>
public ref struct ReturnBody : IEncodedBody
{
    private const int FieldCount = 4;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + MessagePackWriter.HeadBytesMax + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>That of the CALL.</summary>
    public ulong Ticket { get; set; }

    /// <summary>How it ended; may be none of the enumeration.</summary>
    public ReturnStatus Status { get; set; }

    /// <summary>For people; may be empty.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    /// <summary>More to show.</summary>
    public CardBody Card { get; set; }

    /// <summary>Whether there is a card.</summary>
    public bool HasCard { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Text.Length + (HasCard ? Card.EncodedBytesMax : 1);

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out ReturnBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Ticket = reader.ReadUInt64(ProtocolLimits.NumberMax);
        value.Status = (ReturnStatus)reader.ReadUInt64(byte.MaxValue);
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
        writer.WriteUInt64(Ticket);
        writer.WriteUInt64((ulong)Status);
        writer.WriteString(Text);
        Card.WriteOptional(ref writer, HasCard);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
