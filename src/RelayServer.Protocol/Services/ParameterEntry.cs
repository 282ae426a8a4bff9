namespace RelayServer.Protocol;

/// <summary>What a verb wants to know: <c>[name, summary, kind, optional 0|1]</c>.</summary>
public ref struct ParameterEntry : IListEntry<ParameterEntry>, IEncodedBody
{
    private const int FieldCount = 4;

    // A parameter stands in an array in a verb in an array in the body.
    private const int OpenLevels = 5;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.ParametersMax;

    /// <summary>Most bytes it takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>Shown in help.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Summary { get; set; }

    /// <summary>What is allowed; may be none of the enumeration.</summary>
    public ParameterKind Kind { get; set; }

    /// <summary>It may be left out, and all after it.</summary>
    public bool IsOptional { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Name.Length + Summary.Length;

    /// <inheritdoc/>
    public static ParameterEntry Read(scoped ref MessagePackReader reader)
    {
        ParameterEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Name = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        entry.Summary = reader.ReadString(ProtocolLimits.TitleBytesMax);
        entry.Kind = (ParameterKind)reader.ReadUInt64(byte.MaxValue);
        entry.IsOptional = reader.ReadUInt64(1) == 1;
        reader.Skip(extra, OpenLevels);
        return entry;
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Name);
        writer.WriteString(Summary);
        writer.WriteUInt64((ulong)Kind);
        writer.WriteUInt64(IsOptional ? 1UL : 0UL);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
