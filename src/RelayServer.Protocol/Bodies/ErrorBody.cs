namespace RelayServer.Protocol;

/// <summary>
/// ERROR: <c>[code, text, retry_after_ms, channel | nil, number | nil]</c>: one request was refused. The correlation
/// is that of the request; a refused PUBLISH is named by its channel and number too.
/// </summary>
public ref struct ErrorBody
{
    private const int FieldCount = 5;

    /// <summary>What is wrong.</summary>
    public ErrorCode Code { get; set; }

    /// <summary>The same for people, with what to do.</summary>
    public ReadOnlySpan<byte> Text { get; set; }

    /// <summary>For a retry code: not before this many milliseconds.</summary>
    public uint RetryAfterMilliseconds { get; set; }

    /// <summary>The channel; empty when there is none.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>The message number of a refused PUBLISH, else null.</summary>
    public ulong? Number { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out ErrorBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Code = (ErrorCode)reader.ReadUInt64(ushort.MaxValue);
        value.Text = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.RetryAfterMilliseconds = reader.ReadUInt32();
        value.Channel = reader.ReadOptionalString(ProtocolLimits.TextBytesMax);
        if (reader.IsNil)
        {
            reader.ReadNil();
        }
        else
        {
            value.Number = reader.ReadUInt64(ProtocolLimits.NumberMax);
        }

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
        writer.WriteUInt64(RetryAfterMilliseconds);
        writer.WriteOptionalString(Channel);
        if (Number is { } number)
        {
            writer.WriteUInt64(number);
        }
        else
        {
            writer.WriteNil();
        }

        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
