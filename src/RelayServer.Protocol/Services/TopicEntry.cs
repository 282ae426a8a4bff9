namespace RelayServer.Protocol;

/// <summary>What a service tells of: <c>[name, title, open 0|1, [subject…]]</c>.</summary>
public ref struct TopicEntry : IListEntry<TopicEntry>, IEncodedBody
{
    private const int FieldCount = 4;

    // A topic stands in an array in the body.
    private const int OpenLevels = 3;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.TopicsMax;

    /// <summary>Most bytes it takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (3 * MessagePackWriter.HeadBytesMax) + MessagePackWriter.IntegerBytesMax;

    /// <summary>Without the service's name.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <summary>Any subject may be chosen, not only those listed.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Those that can be chosen from a menu.</summary>
    public EncodedList<TopicSubjectEntry> Subjects { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Name.Length + Title.Length + Subjects.Encoded.Length;

    /// <inheritdoc/>
    public static TopicEntry Read(scoped ref MessagePackReader reader)
    {
        TopicEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Name = reader.ReadString(ProtocolLimits.TopicWordBytesMax);
        entry.Title = reader.ReadString(ProtocolLimits.TitleBytesMax);
        entry.IsOpen = reader.ReadUInt64(1) == 1;
        entry.Subjects = reader.ReadList<TopicSubjectEntry>();
        reader.Skip(extra, OpenLevels);
        return entry;
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Name);
        writer.WriteString(Title);
        writer.WriteUInt64(IsOpen ? 1UL : 0UL);
        Subjects.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
