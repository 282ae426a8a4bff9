namespace RelayServer.Protocol;

/// <summary>
/// JOIN: <c>[channel, nil | last_messages | [generation, partition, epoch, seq], observe 0|1, [position…]]</c>. The last
/// two may be missing, and are written only where they say something.
/// </summary>
public ref struct JoinBody
{
    private const int RequiredFieldCount = 2;
    private const int FieldCount = 4;

    /// <summary>Most bytes a body takes besides its channel name and <see cref="Positions"/>.</summary>
    public const int OverheadBytesMax = 2 + (2 * MessagePackWriter.HeadBytesMax) + Position.EncodedBytesMax;

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Which of the three starts this is.</summary>
    public JoinStart Start { get; set; }

    /// <summary>With <see cref="JoinStart.LastMessages"/>: how many.</summary>
    public uint LastMessages { get; set; }

    /// <summary>With <see cref="JoinStart.Resume"/>: after which position.</summary>
    public Position Position { get; set; }

    /// <summary>True to receive every partition of a split room: for those whose role allows it.</summary>
    public bool Observe { get; set; }

    /// <summary>Positions of an observer: one for each partition that it has a position in.</summary>
    public EncodedList<Position> Positions { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out JoinBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(RequiredFieldCount);
        value.Channel = reader.ReadString(ProtocolLimits.TextBytesMax);
        if (reader.IsNil)
        {
            reader.ReadNil();
            value.Start = JoinStart.Live;
        }
        else if (reader.IsArray)
        {
            value.Start = JoinStart.Resume;
            value.Position = Position.Read(ref reader);
        }
        else
        {
            value.Start = JoinStart.LastMessages;
            value.LastMessages = (uint)reader.ReadUInt64(ProtocolLimits.JoinHistoryMessagesMax);
        }

        if (extra > 0)
        {
            value.Observe = reader.ReadUInt64(1) == 1;
            extra--;
        }

        if (extra > 0)
        {
            value.Positions = reader.ReadList<Position>();
            extra--;
        }

        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        int fields = Positions.Count > 0 ? FieldCount : Observe ? RequiredFieldCount + 1 : RequiredFieldCount;
        writer.WriteArrayHeader(fields);
        writer.WriteString(Channel);
        switch (Start)
        {
            case JoinStart.LastMessages: writer.WriteUInt64(LastMessages); break;
            case JoinStart.Resume: Position.Write(ref writer); break;
            default: writer.WriteNil(); break;
        }

        if (fields > RequiredFieldCount)
        {
            writer.WriteUInt64(Observe ? 1UL : 0UL);
        }

        if (fields == FieldCount)
        {
            Positions.Write(ref writer);
        }

        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
