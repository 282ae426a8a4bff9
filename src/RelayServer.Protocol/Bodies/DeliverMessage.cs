namespace RelayServer.Protocol;

/// <summary>One message of a DELIVER: <c>[kind, from, producer_id, number, payload]</c>.</summary>
public ref struct DeliverMessage
{
    internal const int FieldCount = 5;

    // A message stands in an array in the array of the body.
    private const int OpenLevels = 3;

    /// <summary>Most bytes a message takes besides its sender and payload.</summary>
    public const int OverheadBytesMax = 3 + (2 * MessagePackWriter.IntegerBytesMax) + (2 * MessagePackWriter.HeadBytesMax);

    /// <summary>What the payload is.</summary>
    public MessageKind Kind { get; set; }

    /// <summary>User id of the sender, as its token names it.</summary>
    public ReadOnlySpan<byte> From { get; set; }

    /// <summary>The sender's producer id.</summary>
    public ulong ProducerId { get; set; }

    /// <summary>The sender's message number.</summary>
    public ulong Number { get; set; }

    /// <summary>UTF-8 for <see cref="MessageKind.Text"/>, else bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; set; }

    /// <summary>Place in the log; 0 for an ephemeral message. Not on the wire: first_seq of the batch plus the index.</summary>
    public ulong Seq { get; set; }

    internal static DeliverMessage Read(scoped ref MessagePackReader reader)
    {
        DeliverMessage message = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        message.Kind = (MessageKind)reader.ReadUInt64(byte.MaxValue);
        message.From = reader.ReadString(ProtocolLimits.UserIdBytesMax);
        message.ProducerId = reader.ReadUInt64();
        message.Number = reader.ReadUInt64(ProtocolLimits.NumberMax);
        message.Payload = MessagePayload.Read(ref reader, message.Kind);
        reader.Skip(extra, OpenLevels);
        return message;
    }

    /// <summary>Writes the message; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64((ulong)Kind);
        writer.WriteString(From);
        writer.WriteUInt64(ProducerId);
        writer.WriteUInt64(Number);
        MessagePayload.Write(ref writer, Kind, Payload);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
