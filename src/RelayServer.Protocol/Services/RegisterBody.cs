namespace RelayServer.Protocol;

/// <summary>
/// REGISTER: <c>[name, title, description, [verb…], [topic…], [text…]]</c>: this session is an instance of a service.
/// </summary>
public ref struct RegisterBody : IEncodedBody
{
    private const int FieldCount = 6;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + (6 * MessagePackWriter.HeadBytesMax);

    /// <summary>As the token says.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>For people.</summary>
    public ReadOnlySpan<byte> Title { get; set; }

    /// <summary>For people; may be empty.</summary>
    public ReadOnlySpan<byte> Description { get; set; }

    /// <summary>What it can be asked to do.</summary>
    public EncodedList<VerbEntry> Verbs { get; set; }

    /// <summary>What it tells of.</summary>
    public EncodedList<TopicEntry> Topics { get; set; }

    /// <summary>The same in further languages.</summary>
    public EncodedList<LocaleTextEntry> Texts { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax =>
        OverheadBytesMax + Name.Length + Title.Length
        + Description.Length + Verbs.Encoded.Length + Topics.Encoded.Length + Texts.Encoded.Length;

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out RegisterBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Name = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.Title = reader.ReadString(ProtocolLimits.TitleBytesMax);
        value.Description = reader.ReadString(ProtocolLimits.RoomTextBytesMax);
        value.Verbs = reader.ReadList<VerbEntry>();
        value.Topics = reader.ReadList<TopicEntry>();
        value.Texts = reader.ReadList<LocaleTextEntry>();
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Name);
        writer.WriteString(Title);
        writer.WriteString(Description);
        Verbs.Write(ref writer);
        Topics.Write(ref writer);
        Texts.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
