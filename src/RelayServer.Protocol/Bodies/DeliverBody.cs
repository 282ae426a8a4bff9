namespace RelayServer.Protocol;

/// <summary>
/// DELIVER: <c>[channel, generation, partition, epoch, first_seq, at_ms, [message…]]</c>. The log keeps these bytes
/// and every member receives them. first_seq is 0 when the header says ephemeral; at_ms is Unix time in milliseconds.
/// </summary>
public ref struct DeliverBody
{
    private const int FieldCount = 7;

    /// <summary>Most bytes a body takes besides its channel name and messages.</summary>
    public const int OverheadBytesMax = 1 + (5 * MessagePackWriter.IntegerBytesMax) + (2 * MessagePackWriter.HeadBytesMax);

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Position of the first message.</summary>
    public Position First { get; set; }

    /// <summary>When the relay ordered the batch: Unix time, in milliseconds.</summary>
    public ulong AtMilliseconds { get; set; }

    /// <summary>How many messages.</summary>
    public int Count { get; set; }

    /// <summary>The encoded messages; read them with <see cref="GetEnumerator"/>.</summary>
    public ReadOnlySpan<byte> EncodedMessages { get; set; }

    /// <summary>Position of the last message.</summary>
    public readonly Position Last =>
        First.Seq == 0 || Count == 0 ? First : First with { Seq = First.Seq + (ulong)Count - 1 };

    /// <summary>
    /// Reads the part before the messages, without looking at them: what an edge needs to place and forward a batch
    /// that a master wrote.
    /// </summary>
    public static DecodeStatus TryDecodeEnvelope(ReadOnlySpan<byte> body, out DeliverBody value)
    {
        var reader = new MessagePackReader(body);
        ReadEnvelope(ref reader, out value);
        value.EncodedMessages = body[reader.Offset..];
        return reader.Status;
    }

    /// <summary>Reads and checks the whole body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out DeliverBody value)
    {
        var reader = new MessagePackReader(body);
        int extra = ReadEnvelope(ref reader, out value);
        int start = reader.Offset;
        for (int i = 0; i < value.Count && reader.Status == DecodeStatus.Ok; i++)
        {
            DeliverMessage.Read(ref reader);
        }

        value.EncodedMessages = body[start..reader.Offset];
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        First.WriteFields(ref writer);
        writer.WriteUInt64(AtMilliseconds);
        writer.WriteArrayHeader(Count);
        writer.WriteRaw(EncodedMessages);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }

    /// <summary>The messages, in order.</summary>
    public readonly DeliverEnumerator GetEnumerator() => new(EncodedMessages, Count, First.Seq);

    private static int ReadEnvelope(scoped ref MessagePackReader reader, out DeliverBody value)
    {
        value = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.First = Position.ReadFields(ref reader);
        value.AtMilliseconds = reader.ReadUInt64(ProtocolLimits.NumberMax);
        value.Count = reader.ReadArrayHeader();
        if (value.First.Seq > ProtocolLimits.NumberMax - (ulong)value.Count)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        return extra;
    }
}
