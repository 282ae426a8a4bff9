namespace RelayServer.Protocol;

/// <summary>JOIN: <c>[channel, nil | last_messages | [generation, partition, epoch, seq]]</c>.</summary>
public ref struct JoinBody
{
    private const int FieldCount = 2;

    /// <summary>The channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Which of the three starts this is.</summary>
    public JoinStart Start { get; set; }

    /// <summary>With <see cref="JoinStart.LastMessages"/>: how many.</summary>
    public uint LastMessages { get; set; }

    /// <summary>With <see cref="JoinStart.Resume"/>: after which position.</summary>
    public Position Position { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out JoinBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
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

        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteString(Channel);
        switch (Start)
        {
            case JoinStart.LastMessages: writer.WriteUInt64(LastMessages); break;
            case JoinStart.Resume: Position.Write(ref writer); break;
            default: writer.WriteNil(); break;
        }

        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
