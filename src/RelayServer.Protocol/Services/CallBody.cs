namespace RelayServer.Protocol;

/// <summary>
/// CALL: <c>[ticket, verb, [argument…], subject, role, channel | nil, item, key, locale, deadline_ms, attempt]</c>: a command for the service of this
/// session. It is answered with a RETURN of the same ticket.
/// </summary>
public ref struct CallBody : IEncodedBody
{
    private const int FieldCount = 11;

    /// <summary>Most bytes a body takes besides its texts, lists and cards.</summary>
    public const int OverheadBytesMax = 1 + (7 * MessagePackWriter.HeadBytesMax) + (4 * MessagePackWriter.IntegerBytesMax);

    /// <summary>Names the call.</summary>
    public ulong Ticket { get; set; }

    /// <summary>What is to be done; one of those registered.</summary>
    public ReadOnlySpan<byte> Verb { get; set; }

    /// <summary>As the verb wants them.</summary>
    public EncodedList<CommandArgument> Arguments { get; set; }

    /// <summary>Who asks: the same for each of his calls to this service, and another one for every other service.</summary>
    public ReadOnlySpan<byte> Subject { get; set; }

    /// <summary>What he is in the room; the specification has the numbers.</summary>
    public byte Role { get; set; }

    /// <summary>The room that it was said in, where that has let the service in; else empty.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>The item that it is about; may be empty.</summary>
    public ReadOnlySpan<byte> Item { get; set; }

    /// <summary>The same when the command is repeated, also to another instance: it is to be done once.</summary>
    public ReadOnlySpan<byte> Key { get; set; }

    /// <summary>In which language the answer is wanted; may be empty.</summary>
    public ReadOnlySpan<byte> Locale { get; set; }

    /// <summary>After so long from now nobody waits for the answer.</summary>
    public uint DeadlineMilliseconds { get; set; }

    /// <summary>1, and more when an instance before this one went away.</summary>
    public byte Attempt { get; set; }

    /// <inheritdoc/>
    public readonly int EncodedBytesMax =>
        OverheadBytesMax + Verb.Length + Subject.Length + Channel.Length
        + Item.Length + Key.Length + Locale.Length + Arguments.Encoded.Length;

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out CallBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Ticket = reader.ReadUInt64(ProtocolLimits.NumberMax);
        value.Verb = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        value.Arguments = reader.ReadList<CommandArgument>();
        value.Subject = reader.ReadString(ProtocolLimits.SubjectIdBytesMax);
        value.Role = (byte)reader.ReadUInt64(byte.MaxValue);
        value.Channel = reader.ReadOptionalString(ProtocolLimits.TextBytesMax);
        value.Item = reader.ReadString(ProtocolLimits.ItemBytesMax);
        value.Key = reader.ReadString(ProtocolLimits.CallKeyBytesMax);
        value.Locale = reader.ReadString(ProtocolLimits.LocaleBytesMax);
        value.DeadlineMilliseconds = reader.ReadUInt32();
        value.Attempt = (byte)reader.ReadUInt64(byte.MaxValue);
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <inheritdoc/>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64(Ticket);
        writer.WriteString(Verb);
        Arguments.Write(ref writer);
        writer.WriteString(Subject);
        writer.WriteUInt64(Role);
        writer.WriteOptionalString(Channel);
        writer.WriteString(Item);
        writer.WriteString(Key);
        writer.WriteString(Locale);
        writer.WriteUInt64(DeadlineMilliseconds);
        writer.WriteUInt64(Attempt);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
