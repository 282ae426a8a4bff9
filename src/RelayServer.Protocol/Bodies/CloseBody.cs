namespace RelayServer.Protocol;

/// <summary>CLOSE: <c>[code, text, backoff_ms]</c>: the connection ends; come back, if at all, after the back-off.</summary>
public ref struct CloseBody
{
    private const int FieldCount = 3;

    /// <summary>Why.</summary>
    public ErrorCode Code { get; set; }

    /// <summary>The same for people, with what to do.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    /// <summary>Not before this many milliseconds; chosen with jitter by the server.</summary>
    public uint BackoffMilliseconds { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out CloseBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Code = (ErrorCode)reader.ReadUInt64(ushort.MaxValue);
        value.Text = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.BackoffMilliseconds = reader.ReadUInt32();
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64((ulong)Code);
        writer.WriteString(Text);
        writer.WriteUInt64(BackoffMilliseconds);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
