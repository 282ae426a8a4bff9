namespace RelayServer.Protocol;

/// <summary>LEFT: <c>[channel, code]</c>. The code may be missing, and is written only where it says something.</summary>
public ref struct LeftBody
{
    private const int RequiredFieldCount = 1;

    /// <summary>Most bytes a body takes besides its channel name.</summary>
    public const int OverheadBytesMax = 1 + MessagePackWriter.HeadBytesMax + MessagePackWriter.IntegerBytesMax;

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Why the membership ended unasked; <see cref="ErrorCode.None"/> otherwise.</summary>
    public ErrorCode Code { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out LeftBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(RequiredFieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        if (extra > 0)
        {
            value.Code = (ErrorCode)reader.ReadUInt64(ushort.MaxValue);
            extra--;
        }

        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(Code == ErrorCode.None ? RequiredFieldCount : RequiredFieldCount + 1);
        writer.WriteString(Channel);
        if (Code != ErrorCode.None)
        {
            writer.WriteUInt64((ulong)Code);
        }

        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
