namespace RelayServer.Protocol;

/// <summary>
/// PUBLISH: <c>[channel, producer_id, number, kind, payload]</c>. (producer id, number) names the message for ever;
/// the flags of the header say whether an ack is wanted and whether the message is ephemeral.
/// </summary>
public ref struct PublishBody
{
    private const int FieldCount = 5;

    /// <summary>Most bytes a body takes besides its channel name and payload.</summary>
    public const int OverheadBytesMax = 3 + (2 * MessagePackWriter.IntegerBytesMax) + (2 * MessagePackWriter.HeadBytesMax);

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Chosen at random by the client once per client instance.</summary>
    public ulong ProducerId { get; set; }

    /// <summary>Grows with every new message of the producer; the same when a message is sent again.</summary>
    public ulong Number { get; set; }

    /// <summary>
    /// What the payload is. <see cref="MessageKind.Control"/> is for sessions with <see cref="Capabilities.Rooms"/> only,
    /// <see cref="MessageKind.Update"/> for those with <see cref="Capabilities.Services"/>.
    /// </summary>
    public MessageKind Kind { get; set; }

    /// <summary>UTF-8 for <see cref="MessageKind.Text"/>, else bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out PublishBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.ProducerId = reader.ReadUInt64();
        value.Number = reader.ReadUInt64(ProtocolLimits.NumberMax);
        value.Kind = (MessageKind)reader.ReadUInt64((ulong)MessageKind.Update);
        if (value.Kind is > MessageKind.Control and < MessageKind.Update)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        value.Payload = MessagePayload.ReadKnown(ref reader, value.Kind);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        writer.WriteUInt64(ProducerId);
        writer.WriteUInt64(Number);
        writer.WriteUInt64((ulong)Kind);
        MessagePayload.Write(ref writer, Kind, Payload);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
