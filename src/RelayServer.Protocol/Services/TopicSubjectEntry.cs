namespace RelayServer.Protocol;

/// <summary>A subject that a topic has: <c>[name, title]</c>.</summary>
public ref struct TopicSubjectEntry : IListEntry<TopicSubjectEntry>, IEncodedBody
{
    private const int FieldCount = 2;

    // A subject stands in an array in a topic in an array in the body.
    private const int OpenLevels = 5;

    /// <inheritdoc/>
    public static int ListCountMax => ProtocolLimits.TopicSubjectsMax;

    /// <summary>Most bytes it takes besides its texts and lists.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax);

    /// <summary>What updates and subscriptions name.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>For people; empty where the name does.</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Name.Length + Title.Length;

    /// <inheritdoc/>
    public static TopicSubjectEntry Read(scoped ref MessagePackReader reader)
    {
        TopicSubjectEntry entry = default;
        int extra = reader.ReadTupleHeader(FieldCount);
        entry.Name = reader.ReadString(ProtocolLimits.SubjectBytesMax);
        entry.Title = reader.ReadString(ProtocolLimits.TitleBytesMax);
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
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
