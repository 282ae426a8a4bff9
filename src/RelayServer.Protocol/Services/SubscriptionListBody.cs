namespace RelayServer.Protocol;

/// <summary>
/// ANSWER to <see cref="QueryKind.Subscriptions"/>: <c>[6, channel, [[topic, [subject…], expires_at_ms, since_ms, by]…], more 0|1]</c>, in the order
/// of topics.
/// </summary>
public ref struct SubscriptionListBody : IEncodedBody
{
    private const int FieldCount = 4;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>The room or inbox.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>The subscriptions.</summary>
    public EncodedList<SubscriptionEntry> Subscriptions { get; set; }

    /// <summary>There are more behind the last one.</summary>
    public bool HasMore { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Channel.Length + Subscriptions.Encoded.Length;

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out SubscriptionListBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = AnswerBody.Begin(ref reader, QueryKind.Subscriptions, FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.Subscriptions = reader.ReadList<SubscriptionEntry>();
        value.HasMore = reader.ReadUInt64(1) == 1;
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64((ulong)QueryKind.Subscriptions);
        writer.WriteString(Channel);
        Subscriptions.Write(ref writer);
        writer.WriteUInt64(HasMore ? 1UL : 0UL);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
