namespace RelayServer.Protocol;

/// <summary>What a service can be asked to do: <c>[name, summary, flags, deadline_ms, [parameter…]]</c>.</summary>
public ref struct VerbEntry : IListEntry<VerbEntry>, IEncodedBody
{
    private const int FieldCount = 5;

    // A verb stands in an array in the body.
    private const int OpenLevels = 3;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.VerbsMax;

    /// <summary>Most bytes it takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (3 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>Lower case.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Summary { get; set; }

    /// <summary>How it is answered, and what it needs.</summary>
    public VerbFlags Flags { get; set; }

    /// <summary>How long a command may take; 0 for the usual.</summary>
    public uint DeadlineMilliseconds { get; set; }

    /// <summary>In their order.</summary>
    public EncodedList<ParameterEntry> Parameters { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Name.Length + Summary.Length + Parameters.Encoded.Length;

    /// <inheritdoc/>
    public static VerbEntry Read(scoped ref MessagePackReader reader)
    {
        VerbEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Name = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        entry.Summary = reader.ReadString(ProtocolLimits.TitleBytesMax);
        entry.Flags = (VerbFlags)reader.ReadUInt64(byte.MaxValue);
        entry.DeadlineMilliseconds = reader.ReadUInt32();
        entry.Parameters = reader.ReadList<ParameterEntry>();
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
        writer.WriteUInt64((ulong)Flags);
        writer.WriteUInt64(DeadlineMilliseconds);
        Parameters.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
