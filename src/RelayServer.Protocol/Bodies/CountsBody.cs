namespace RelayServer.Protocol;

/// <summary>COUNTS: <c>[channel, total, generation, [members per partition…]]</c>.</summary>
public ref struct CountsBody
{
    private const int FieldCount = 4;

    /// <summary>Most bytes a body takes besides its channel name and encoded numbers.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Members of all partitions.</summary>
    public uint Total { get; set; }

    /// <summary>The generation that <see cref="Partitions"/> are of.</summary>
    public ulong Generation { get; set; }

    /// <summary>Members of each partition.</summary>
    public EncodedList<MemberCount> Partitions { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out CountsBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.Total = reader.ReadUInt32();
        value.Generation = reader.ReadUInt64(ProtocolLimits.NumberMax);
        value.Partitions = reader.ReadList<MemberCount>();
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        writer.WriteUInt64(Total);
        writer.WriteUInt64(Generation);
        Partitions.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
