namespace RelayServer.Protocol;

/// <summary>
/// COMMAND: <c>[channel | nil, item, producer_id, number, locale, service, verb, [argument…]]</c>: asks a service to do something. (producer
/// id, number) names it for ever, as it does a PUBLISH.
/// </summary>
public ref struct CommandBody : IEncodedBody
{
    private const int FieldCount = 8;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + (6 * MessagePackWriter.HeadBytesMax) + (2 * MessagePackWriter.IntegerBytesMax);

    /// <summary>The room that it is said in; empty when there is none.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>The item that it is about; may be empty.</summary>
    public ReadOnlySpan<byte> Item { get; set; }

    /// <summary>As of a PUBLISH.</summary>
    public ulong ProducerId { get; set; }

    /// <summary>As of a PUBLISH.</summary>
    public ulong Number { get; set; }

    /// <summary>BCP 47; in which language the answer is wanted, may be empty.</summary>
    public ReadOnlySpan<byte> Locale { get; set; }

    /// <summary>Whom it is for; empty for the relay itself.</summary>
    public ReadOnlySpan<byte> Service { get; set; }

    /// <summary>What is to be done; empty for help.</summary>
    public ReadOnlySpan<byte> Verb { get; set; }

    /// <summary>With what.</summary>
    public EncodedList<CommandArgument> Arguments { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax => OverheadBytesMax + Channel.Length + Item.Length + Locale.Length + Service.Length + Verb.Length + Arguments.Encoded.Length;

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out CommandBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadOptionalString(ProtocolLimits.TextBytesMax);
        value.Item = reader.ReadString(ProtocolLimits.ItemBytesMax);
        value.ProducerId = reader.ReadUInt64();
        value.Number = reader.ReadUInt64(ProtocolLimits.NumberMax);
        value.Locale = reader.ReadString(ProtocolLimits.LocaleBytesMax);
        value.Service = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.Verb = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.Arguments = reader.ReadList<CommandArgument>();
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteOptionalString(Channel);
        writer.WriteString(Item);
        writer.WriteUInt64(ProducerId);
        writer.WriteUInt64(Number);
        writer.WriteString(Locale);
        writer.WriteString(Service);
        writer.WriteString(Verb);
        Arguments.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
