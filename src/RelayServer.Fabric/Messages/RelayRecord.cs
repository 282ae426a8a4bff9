using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>One record of a master's relay; see <see cref="RelayKind"/> for the shapes.</summary>
public ref struct RelayRecord
{
    /// <summary>Most bytes a record takes besides its body.</summary>
    public const int OverheadBytesMax = 2 + (3 * MessagePackWriter.IntegerBytesMax) + MessagePackWriter.HeadBytesMax;

    /// <summary>Most bytes that a record with a channel and a position takes.</summary>
    public const int TopBytesMax =
        2 + MessagePackWriter.HeadBytesMax + ProtocolLimits.ChannelNameBytesMax + (4 * MessagePackWriter.IntegerBytesMax);

    private const int AckFieldCount = 3;
    private const int ErrorFieldCount = 5;
    private const int TopFieldCount = 6;
    private const int EphemeralFieldCount = 2;

    /// <summary>What it is.</summary>
    public RelayKind Kind { get; set; }

    /// <summary>Ack and error: for which session.</summary>
    public ulong Session { get; set; }

    /// <summary>Error: for which frame of it.</summary>
    public uint Correlation { get; set; }

    /// <summary>Error: the flags of that frame, which tell whether it counts against the publish window.</summary>
    public FrameFlags Flags { get; set; }

    /// <summary>The body of the frame that goes to the client.</summary>
    public ReadOnlySpan<byte> Body { get; set; }

    /// <summary>Opened, top and trimmed: the channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Opened and top: the end of its log. Trimmed: the end of its first entry.</summary>
    public Position Top { get; set; }

    /// <summary>Reads the next record.</summary>
    public static RelayRecord Read(scoped ref MessagePackReader reader)
    {
        RelayRecord record = default;
        if (!reader.IsArray)
        {
            record.Kind = RelayKind.Deliver;
            record.Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
            return record;
        }

        int fields = reader.ReadArrayHeader();
        record.Kind = (RelayKind)reader.ReadUInt64(byte.MaxValue);
        int read = 1;
        switch (record.Kind)
        {
            case RelayKind.Ack:
                record.Session = reader.ReadUInt64();
                record.Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
                read = AckFieldCount;
                break;
            case RelayKind.Error:
                record.Session = reader.ReadUInt64();
                record.Correlation = reader.ReadUInt32();
                record.Flags = (FrameFlags)reader.ReadUInt64(byte.MaxValue);
                record.Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
                read = ErrorFieldCount;
                break;
            case RelayKind.Opened or RelayKind.Top or RelayKind.Trimmed:
                record.Channel = reader.ReadString(ProtocolLimits.ChannelNameBytesMax);
                record.Top = new Position(reader.ReadUInt64(), reader.ReadUInt32(), reader.ReadUInt64(), reader.ReadUInt64());
                read = TopFieldCount;
                break;
            case RelayKind.Ephemeral:
                record.Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
                read = EphemeralFieldCount;
                break;
        }

        if (fields < read)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return record;
        }

        // Kinds and fields of later versions are passed over.
        reader.Skip(fields - read);
        return record;
    }

    /// <summary>Writes the record.</summary>
    public readonly void Write(ref MessagePackWriter writer)
    {
        switch (Kind)
        {
            case RelayKind.Deliver:
                writer.WriteBinary(Body);
                break;
            case RelayKind.Ack:
                WriteHead(ref writer, AckFieldCount);
                writer.WriteUInt64(Session);
                writer.WriteBinary(Body);
                break;
            case RelayKind.Error:
                WriteHead(ref writer, ErrorFieldCount);
                writer.WriteUInt64(Session);
                writer.WriteUInt64(Correlation);
                writer.WriteUInt64((ulong)Flags);
                writer.WriteBinary(Body);
                break;
            case RelayKind.Opened or RelayKind.Top or RelayKind.Trimmed:
                WriteHead(ref writer, TopFieldCount);
                writer.WriteString(Channel);
                writer.WriteUInt64(Top.Generation);
                writer.WriteUInt64(Top.Partition);
                writer.WriteUInt64(Top.Epoch);
                writer.WriteUInt64(Top.Seq);
                break;
            case RelayKind.Ephemeral:
                WriteHead(ref writer, EphemeralFieldCount);
                writer.WriteBinary(Body);
                break;
        }
    }

    private readonly void WriteHead(ref MessagePackWriter writer, int fields)
    {
        writer.WriteArrayHeader(fields);
        writer.WriteUInt64((ulong)Kind);
    }
}
