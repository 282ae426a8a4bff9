using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>One record of a master's relay; see <see cref="RelayKind"/> for the shapes.</summary>
public ref struct RelayRecord
{
    /// <summary>Most bytes a record takes besides its body.</summary>
    public const int OverheadBytesMax = 2 + (4 * MessagePackWriter.IntegerBytesMax) + MessagePackWriter.HeadBytesMax;

    /// <summary>Most bytes that a record with a channel and a position takes.</summary>
    public const int TopBytesMax =
        2 + MessagePackWriter.HeadBytesMax + ProtocolLimits.InboxNameBytesMax + (4 * MessagePackWriter.IntegerBytesMax);

    /// <summary>The state of a room, in bytes.</summary>
    public const int RoomStateBytesMax = 512 * 1024;

    private const int AckFieldCount = 3;
    private const int ErrorFieldCount = 5;
    private const int TopFieldCount = 6;
    private const int EphemeralFieldCount = 2;
    private const int RoomFieldCount = 3;
    private const int AnswerFieldCount = 4;
    private const int SkippedFieldCount = 7;
    private const int PushFieldCount = 4;
    private const int CensusFieldCount = 3;
    private const int FrameFieldCount = 5;

    /// <summary>What it is.</summary>
    public RelayKind Kind { get; set; }

    /// <summary>Ack, error, answer, frame and outcome: for which session.</summary>
    public ulong Session { get; set; }

    /// <summary>Error, answer and frame: for which frame of it. Outcome: for which command of its edge.</summary>
    public uint Correlation { get; set; }

    /// <summary>Error: the flags of that frame, which tell whether it counts against the publish window.</summary>
    public FrameFlags Flags { get; set; }

    /// <summary>The body of the frame that goes to the client. Room: the encoded state.</summary>
    public ReadOnlySpan<byte> Body { get; set; }

    /// <summary>Opened, top, trimmed, room, skipped, push and census: the channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Opened and top: the end of its log. Trimmed: the end of its first entry. Skipped: the last message.</summary>
    public Position Top { get; set; }

    /// <summary>Skipped: the first message.</summary>
    public ulong FirstSeq { get; set; }

    /// <summary>Push, frame and outcome: the type of the frame.</summary>
    public FrameType FrameType { get; set; }

    /// <summary>Census: to be told with the answer.</summary>
    public ulong Ticket { get; set; }

    /// <summary>Room that <see cref="Write"/> surely finds enough, in bytes.</summary>
    public readonly int EncodedBytesMax => TopBytesMax + MessagePackWriter.IntegerBytesMax + MessagePackWriter.HeadBytesMax + Body.Length;

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

        int fields = reader.ReadTupleHeader(1) + 1;
        record.Kind = (RelayKind)reader.ReadUInt64(byte.MaxValue);
        int known = FieldCount(record.Kind);
        if (fields < known)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        if (reader.Status == DecodeStatus.Ok)
        {
            record.ReadFields(ref reader);

            // Kinds and fields of later versions are passed over.
            reader.Skip(fields - known);
        }

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
            case RelayKind.Frame or RelayKind.Outcome:
                WriteHead(ref writer, FrameFieldCount);
                writer.WriteUInt64(Session);
                writer.WriteUInt64((ulong)FrameType);
                writer.WriteUInt64(Correlation);
                writer.WriteBinary(Body);
                break;
            case RelayKind.Opened or RelayKind.Top or RelayKind.Trimmed:
                WriteHead(ref writer, TopFieldCount);
                WritePlace(ref writer);
                writer.WriteUInt64(Top.Seq);
                break;
            case RelayKind.Ephemeral:
                WriteHead(ref writer, EphemeralFieldCount);
                writer.WriteBinary(Body);
                break;
            default:
                WriteOfRoom(ref writer);
                break;
        }
    }

    private static int FieldCount(RelayKind kind) => kind switch
    {
        RelayKind.Ack => AckFieldCount,
        RelayKind.Error => ErrorFieldCount,
        RelayKind.Opened or RelayKind.Top or RelayKind.Trimmed => TopFieldCount,
        RelayKind.Ephemeral => EphemeralFieldCount,
        RelayKind.Room => RoomFieldCount,
        RelayKind.Answer => AnswerFieldCount,
        RelayKind.Skipped => SkippedFieldCount,
        RelayKind.Push => PushFieldCount,
        RelayKind.Census => CensusFieldCount,
        RelayKind.Frame or RelayKind.Outcome => FrameFieldCount,
        _ => 1,
    };

    private void ReadFields(scoped ref MessagePackReader reader)
    {
        switch (Kind)
        {
            case RelayKind.Ack:
                Session = reader.ReadUInt64();
                Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
                break;
            case RelayKind.Error:
                Session = reader.ReadUInt64();
                Correlation = reader.ReadUInt32();
                Flags = (FrameFlags)reader.ReadUInt64(byte.MaxValue);
                Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
                break;
            case RelayKind.Ephemeral:
                Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
                break;
            case RelayKind.Frame or RelayKind.Outcome:
                Session = reader.ReadUInt64();
                FrameType = (FrameType)reader.ReadUInt64(byte.MaxValue);
                Correlation = reader.ReadUInt32();
                Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
                break;
            case RelayKind.Answer:
                Session = reader.ReadUInt64();
                Correlation = reader.ReadUInt32();
                Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
                break;
            case RelayKind.Opened or RelayKind.Top or RelayKind.Trimmed
                or RelayKind.Room or RelayKind.Skipped or RelayKind.Push or RelayKind.Census:
                Channel = reader.ReadString(ProtocolLimits.InboxNameBytesMax);
                ReadAboutChannel(ref reader);
                break;
        }
    }

    private void ReadAboutChannel(scoped ref MessagePackReader reader)
    {
        switch (Kind)
        {
            case RelayKind.Room:
                Body = reader.ReadBinary(RoomStateBytesMax);
                break;
            case RelayKind.Push:
                FrameType = (FrameType)reader.ReadUInt64(byte.MaxValue);
                Body = reader.ReadBinary(ProtocolLimits.ServerFrameBytesMax);
                break;
            case RelayKind.Census:
                Ticket = reader.ReadUInt64();
                break;
            case RelayKind.Skipped:
                var log = new Position(reader.ReadUInt64(), reader.ReadUInt32(), reader.ReadUInt64(), 0);
                FirstSeq = reader.ReadUInt64();
                Top = log with { Seq = reader.ReadUInt64() };
                break;
            default:
                Top = new Position(reader.ReadUInt64(), reader.ReadUInt32(), reader.ReadUInt64(), reader.ReadUInt64());
                break;
        }
    }

    private readonly void WriteOfRoom(ref MessagePackWriter writer)
    {
        switch (Kind)
        {
            case RelayKind.Room:
                WriteHead(ref writer, RoomFieldCount);
                writer.WriteString(Channel);
                writer.WriteBinary(Body);
                break;
            case RelayKind.Answer:
                WriteHead(ref writer, AnswerFieldCount);
                writer.WriteUInt64(Session);
                writer.WriteUInt64(Correlation);
                writer.WriteBinary(Body);
                break;
            case RelayKind.Skipped:
                WriteHead(ref writer, SkippedFieldCount);
                WritePlace(ref writer);
                writer.WriteUInt64(FirstSeq);
                writer.WriteUInt64(Top.Seq);
                break;
            case RelayKind.Push:
                WriteHead(ref writer, PushFieldCount);
                writer.WriteString(Channel);
                writer.WriteUInt64((ulong)FrameType);
                writer.WriteBinary(Body);
                break;
            case RelayKind.Census:
                WriteHead(ref writer, CensusFieldCount);
                writer.WriteString(Channel);
                writer.WriteUInt64(Ticket);
                break;
        }
    }

    // The channel and which of its logs.
    private readonly void WritePlace(ref MessagePackWriter writer)
    {
        writer.WriteString(Channel);
        writer.WriteUInt64(Top.Generation);
        writer.WriteUInt64(Top.Partition);
        writer.WriteUInt64(Top.Epoch);
    }

    private readonly void WriteHead(ref MessagePackWriter writer, int fields)
    {
        writer.WriteArrayHeader(fields);
        writer.WriteUInt64((ulong)Kind);
    }
}
