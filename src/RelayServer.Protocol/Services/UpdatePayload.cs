namespace RelayServer.Protocol;

/// <summary>
/// The payload of a message of kind <see cref="MessageKind.Update"/>: <c>[service, topic, [subject…], card]</c>.
/// </summary>
public ref struct UpdatePayload : IEncodedBody
{
    private const int FieldCount = 4;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + (3 * MessagePackWriter.HeadBytesMax);

    /// <summary>Who tells.</summary>
    public ReadOnlySpan<byte> Service { get; set; }

    /// <summary>As service.topic; empty when it was sent to a room or inbox.</summary>
    public ReadOnlySpan<byte> Topic { get; set; }

    /// <summary>What it is about.</summary>
    public EncodedList<SubjectName> Subjects { get; set; }

    /// <summary>What is shown.</summary>
    public CardBody Card { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Service.Length + Topic.Length + Subjects.Encoded.Length + Card.EncodedBytesMax;

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out UpdatePayload value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Service = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.Topic = reader.ReadString(ProtocolLimits.TopicNameBytesMax);
        value.Subjects = reader.ReadList<SubjectName>();
        value.Card = CardBody.Read(ref reader);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Service);
        writer.WriteString(Topic);
        Subjects.Write(ref writer);
        Card.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
