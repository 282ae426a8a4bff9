namespace RelayServer.Protocol;

/// <summary>
/// The payload of a message of kind <see cref="MessageKind.Subscription"/>: <c>[event, topic, expires_at_ms]</c>.
/// </summary>
public ref struct SubscriptionPayload : IEncodedBody
{
    private const int FieldCount = 3;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + MessagePackWriter.HeadBytesMax + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>What has come to pass; may be none of the enumeration.</summary>
    public SubscriptionEvent Event { get; set; }

    /// <summary>As service.topic.</summary>
    public ReadOnlySpan<byte> Topic { get; set; }

    /// <summary>When it ends, or ended: Unix time in milliseconds.</summary>
    public ulong ExpiresAtMilliseconds { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Topic.Length;

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out SubscriptionPayload value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Event = (SubscriptionEvent)reader.ReadUInt64(byte.MaxValue);
        value.Topic = reader.ReadString(ProtocolLimits.TopicNameBytesMax);
        value.ExpiresAtMilliseconds = reader.ReadUInt64(ProtocolLimits.NumberMax);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64((ulong)Event);
        writer.WriteString(Topic);
        writer.WriteUInt64(ExpiresAtMilliseconds);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
