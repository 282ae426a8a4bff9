namespace RelayServer.Protocol;

/// <summary>
/// PUB_ACK: <c>[channel, producer_id, generation, partition, epoch, [number, seq, number, seq…]]</c>: these messages
/// are in the log at these positions.
/// </summary>
public ref struct PubAckBody
{
    /// <summary>Most bytes a body takes besides its channel name and pairs.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + (4 * MessagePackWriter.IntegerBytesMax);

    private const int FieldCount = 6;

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>The producer that the numbers belong to.</summary>
    public ulong ProducerId { get; set; }

    /// <summary>Generation, partition and epoch of all acks in this body; <see cref="Position.Seq"/> is 0.</summary>
    public Position Log { get; set; }

    /// <summary>How many messages are acknowledged.</summary>
    public int Count { get; set; }

    /// <summary>The encoded pairs; read them with <see cref="GetEnumerator"/>.</summary>
    public ReadOnlySpan<byte> EncodedPairs { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out PubAckBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.ProducerId = reader.ReadUInt64();
        value.Log = new Position(
            reader.ReadUInt64(ProtocolLimits.NumberMax), reader.ReadUInt32(), reader.ReadUInt64(ProtocolLimits.NumberMax), 0);
        int values = reader.ReadArrayHeader();
        if (values % 2 != 0 || values > 2 * ProtocolLimits.PubAckMessagesMax)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            values = 0;
        }

        int start = reader.Offset;
        for (int i = 0; i < values; i++)
        {
            reader.ReadUInt64(ProtocolLimits.NumberMax);
        }

        value.EncodedPairs = body[start..reader.Offset];
        value.Count = values / 2;
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
        writer.WriteUInt64(Log.Generation);
        writer.WriteUInt64(Log.Partition);
        writer.WriteUInt64(Log.Epoch);
        writer.WriteArrayHeader(2 * Count);
        writer.WriteRaw(EncodedPairs);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    /// <summary>The acknowledged (number, seq) pairs.</summary>
    public readonly PubAckEnumerator GetEnumerator() => new(EncodedPairs, Count);
}
