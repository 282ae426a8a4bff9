namespace RelayServer.Protocol;

/// <summary>LEAVE: <c>[channel]</c>.</summary>
public ref struct ChannelBody
{
    private const int FieldCount = 1;

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out ChannelBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
