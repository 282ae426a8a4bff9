namespace RelayServer.Protocol;

/// <summary>
/// REGISTERED: <c>[name, instances]</c>: the session is one.
/// </summary>
public ref struct RegisteredBody : IEncodedBody
{
    private const int FieldCount = 2;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + MessagePackWriter.HeadBytesMax + MessagePackWriter.IntegerBytesMax;

    /// <summary>That of the REGISTER.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>How many there are, with this one.</summary>
    public uint Instances { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Name.Length;

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out RegisteredBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Name = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.Instances = reader.ReadUInt32();
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Name);
        writer.WriteUInt64(Instances);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
