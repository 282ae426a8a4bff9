namespace RelayServer.Protocol;

/// <summary>HELLO: <c>[magic "RELAY", version_min, version_max, [capability…], agent]</c>.</summary>
public ref struct HelloBody
{
    private const int FieldCount = 5;

    /// <summary>What every HELLO begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "RELAY"u8;

    /// <summary>False when the body is readable but its magic is another.</summary>
    public bool MagicMatches { get; private set; }

    /// <summary>Lowest version the client speaks.</summary>
    public uint VersionMin { get; set; }

    /// <summary>Highest version the client speaks.</summary>
    public uint VersionMax { get; set; }

    /// <summary>Capabilities the client has.</summary>
    public Capabilities Capabilities { get; set; }

    /// <summary>Name and version of the client program; for logs of the operator only.</summary>
    public ReadOnlySpan<byte> Agent { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out HelloBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.MagicMatches = reader.ReadString(ProtocolLimits.TextBytesMax).SequenceEqual(Magic);
        value.VersionMin = reader.ReadUInt32();
        value.VersionMax = reader.ReadUInt32();
        value.Capabilities = CapabilityNames.Read(ref reader);
        value.Agent = reader.ReadString(ProtocolLimits.TextBytesMax);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Magic);
        writer.WriteUInt64(VersionMin);
        writer.WriteUInt64(VersionMax);
        CapabilityNames.Write(ref writer, Capabilities);
        writer.WriteString(Agent);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
