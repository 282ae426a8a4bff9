namespace RelayServer.Protocol;

/// <summary>REACT: <c>[channel, reaction, count]</c>.</summary>
public ref struct ReactBody
{
    private const int FieldCount = 3;

    /// <summary>Most bytes a body takes besides its channel name.</summary>
    public const int OverheadBytesMax = 1 + MessagePackWriter.HeadBytesMax + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Which reaction: 0 is a heart, the others are the application's; below <see cref="ProtocolLimits.ReactionsMax"/>.</summary>
    public byte Reaction { get; set; }

    /// <summary>How often; at most <see cref="ProtocolLimits.ReactionCountMax"/>.</summary>
    public byte Count { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out ReactBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.Reaction = (byte)reader.ReadUInt64(ProtocolLimits.ReactionsMax - 1);
        value.Count = (byte)reader.ReadUInt64(ProtocolLimits.ReactionCountMax);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        writer.WriteUInt64(Reaction);
        writer.WriteUInt64(Count);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
