namespace RelayServer.Protocol;

/// <summary>GAP: <c>[channel, after position, until position, reason]</c>; delivery goes on after <c>until</c>.</summary>
public ref struct GapBody
{
    private const int FieldCount = 4;

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>The last position before the gap.</summary>
    public Position After { get; set; }

    /// <summary>The last position in the gap.</summary>
    public Position Until { get; set; }

    /// <summary>Why.</summary>
    public GapReason Reason { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out GapBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.After = Position.Read(ref reader);
        value.Until = Position.Read(ref reader);
        value.Reason = (GapReason)reader.ReadUInt64(byte.MaxValue);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        After.Write(ref writer);
        Until.Write(ref writer);
        writer.WriteUInt64((ulong)Reason);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
