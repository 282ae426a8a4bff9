namespace RelayServer.Protocol;

/// <summary>
/// SERVICE: <c>[channel, name, available 0|1]</c>: a service that this room or inbox has to do with has come, or has gone.
/// </summary>
public ref struct ServiceBody : IEncodedBody
{
    private const int FieldCount = 3;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + MessagePackWriter.IntegerBytesMax;

    /// <summary>The room or inbox.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>The service.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>An instance of it is there.</summary>
    public bool IsAvailable { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Channel.Length + Name.Length;

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out ServiceBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.Name = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.IsAvailable = reader.ReadUInt64(1) == 1;
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        writer.WriteString(Name);
        writer.WriteUInt64(IsAvailable ? 1UL : 0UL);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
