namespace RelayServer.Protocol;

/// <summary>JOINED: <c>[channel, from position, top position]</c>; delivery starts after <c>from</c>.</summary>
public ref struct JoinedBody
{
    private const int FieldCount = 3;

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Messages after this position will be delivered; those at or before it are to be ignored.</summary>
    public Position From { get; set; }

    /// <summary>The end of the log when the membership began: what is between the two is history.</summary>
    public Position Top { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out JoinedBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.From = Position.Read(ref reader);
        value.Top = Position.Read(ref reader);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        From.Write(ref writer);
        Top.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
