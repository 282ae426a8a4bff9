namespace RelayServer.Protocol;

/// <summary>REACTIONS: <c>[channel, [reaction, count, reaction, count…]]</c>: what came since the last one.</summary>
public ref struct ReactionsBody
{
    private const int FieldCount = 2;

    /// <summary>Most bytes a body takes besides its channel name and encoded pairs.</summary>
    public const int OverheadBytesMax = 1 + (2 * MessagePackWriter.HeadBytesMax);

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>The reactions and how often each came.</summary>
    public EncodedList<ReactionCount> Reactions { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out ReactionsBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.Reactions = reader.ReadList<ReactionCount>();
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        Reactions.Write(ref writer);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
