using System.Net;
using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>One record of an edge's batch; see <see cref="UpstreamKind"/> for the shapes.</summary>
public ref partial struct UpstreamRecord
{
    /// <summary>Buckets that a census counts.</summary>
    public const int CensusBuckets = ProtocolLimits.PartitionMapBytesMax;

    /// <summary>Bytes of a census: a 16-bit big-endian count per bucket.</summary>
    public const int CensusBytes = CensusBuckets * sizeof(ushort);

    private const int AddressBytesMax = 16;
    private const int OverheadBytesMax = 4 + (4 * MessagePackWriter.IntegerBytesMax) + (5 * MessagePackWriter.HeadBytesMax) + AddressBytesMax;

    private const int PublishFieldCount = 6;
    private const int PublishRoleFieldCount = 7;
    private const int PublishAddressFieldCount = 8;
    private const int PublishServiceFieldCount = 9;
    private const int ChannelFieldCount = 2;
    private const int InterestObserveFieldCount = 3;
    private const int QueryFieldCount = 6;
    private const int QueryAddressFieldCount = 7;
    private const int PresenceFieldCount = 5;
    private const int ReactionsFieldCount = 3;
    private const int CensusFieldCount = 4;
    private const int CommandFieldCount = 7;
    private const int CommandAddressFieldCount = 8;
    private const int RegisterFieldCount = 5;
    private const int ReturnFieldCount = 5;

    /// <summary>What it is.</summary>
    public UpstreamKind Kind { get; set; }

    /// <summary>The session that gets the answer, or that it is about; of what is about a channel 0.</summary>
    public ulong Session { get; set; }

    /// <summary>Of a command the number that its edge gave it; else the correlation of the client's frame.</summary>
    public uint Correlation { get; set; }

    /// <summary>Publish: the flags of the client's frame.</summary>
    public FrameFlags Flags { get; set; }

    /// <summary>Publish, query and command: the authenticated user.</summary>
    public ReadOnlySpan<byte> UserId { get; set; }

    /// <summary>Publish, query and command: the role that the user's token gives; 0 from an edge that does not say.</summary>
    public byte Role { get; set; }

    /// <summary>
    /// Publish and query: where the session comes from, when the edge does not know whom the room keeps out; else null. Command: the same,
    /// for it may be told to a room that the edge does not know of.
    /// </summary>
    public IPAddress? ClientAddress { get; set; }

    /// <summary>Publish: the client's body, as it came.</summary>
    public ReadOnlySpan<byte> PublishBody { get; set; }

    /// <summary>Publish, register and return: the service that the session's token names; else empty.</summary>
    public ReadOnlySpan<byte> Service { get; set; }

    /// <summary>Command, register and return: the client's body. Of a register empty when the session is no instance any longer.</summary>
    public ReadOnlySpan<byte> Body { get; set; }

    /// <summary>Command: its argument is the rest of a line that was typed.</summary>
    public bool IsLine { get; set; }

    /// <summary>An instance of a service has gone: nobody is left who would say it again.</summary>
    public readonly bool IsFarewell => Kind == UpstreamKind.Register && Body.IsEmpty && !Service.IsEmpty;

    /// <summary>Query: the client's body, as it came.</summary>
    public ReadOnlySpan<byte> QueryBody { get; set; }

    /// <summary>Of what is about a channel: its name.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Interest: all partitions, whichever the edge's members belong to.</summary>
    public bool Observe { get; set; }

    /// <summary>Presence: the generation that the counts are of.</summary>
    public ulong Generation { get; set; }

    /// <summary>Presence: members per partition; at most <see cref="ProtocolLimits.PartitionsMax"/>.</summary>
    public EncodedList<MemberCount> Counts { get; set; }

    /// <summary>Presence: whether <see cref="Names"/> says who they are.</summary>
    public bool HasNames { get; set; }

    /// <summary>Presence: the members; at most <see cref="ProtocolLimits.MemberNamesMax"/>.</summary>
    public EncodedList<MemberName> Names { get; set; }

    /// <summary>Reactions: what was given since the last record; at most <see cref="ProtocolLimits.ReactionsMax"/>.</summary>
    public EncodedList<ReactionCount> Reactions { get; set; }

    /// <summary>Census: the ticket that the master asked with.</summary>
    public ulong Ticket { get; set; }

    /// <summary>Census: <see cref="CensusBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> Buckets { get; set; }

    /// <summary>Room that <see cref="Write"/> surely finds enough, in bytes.</summary>
    public readonly int EncodedBytesMax =>
        OverheadBytesMax + UserId.Length + PublishBody.Length + QueryBody.Length + Channel.Length
        + Counts.Encoded.Length + Names.Encoded.Length + Reactions.Encoded.Length + Buckets.Length + Service.Length + Body.Length;

    /// <summary>Reads the next record of <paramref name="message"/>.</summary>
    public static UpstreamRecord Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message)
    {
        UpstreamRecord record = default;
        int fields = reader.ReadTupleHeader(1) + 1;
        record.Kind = (UpstreamKind)reader.ReadUInt64(byte.MaxValue);

        // Kinds and fields of later versions are passed over.
        int known = FieldCount(record.Kind);
        if (fields < known)
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        if (reader.Status == DecodeStatus.Ok)
        {
            reader.Skip(fields - record.ReadFields(ref reader, message, fields));
        }

        return record;
    }

    /// <summary>Writes the record.</summary>
    public readonly void Write(ref MessagePackWriter writer)
    {
        switch (Kind)
        {
            case UpstreamKind.Publish:
                WriteHead(ref writer, Service.Length > 0 ? PublishServiceFieldCount : ClientAddress is null ? PublishRoleFieldCount : PublishAddressFieldCount);
                writer.WriteUInt64(Session);
                writer.WriteUInt64(Correlation);
                writer.WriteUInt64((ulong)Flags);
                writer.WriteString(UserId);
                writer.WriteRaw(PublishBody);
                writer.WriteUInt64(Role);
                WriteAddress(ref writer);
                WriteService(ref writer);
                break;
            case UpstreamKind.Interest:
                WriteHead(ref writer, InterestObserveFieldCount);
                writer.WriteString(Channel);
                writer.WriteUInt64(Observe ? 1UL : 0UL);
                break;
            case UpstreamKind.Disinterest:
                WriteHead(ref writer, ChannelFieldCount);
                writer.WriteString(Channel);
                break;
            case UpstreamKind.Query:
                WriteHead(ref writer, ClientAddress is null ? QueryFieldCount : QueryAddressFieldCount);
                writer.WriteUInt64(Session);
                writer.WriteUInt64(Correlation);
                writer.WriteString(UserId);
                writer.WriteUInt64(Role);
                writer.WriteRaw(QueryBody);
                WriteAddress(ref writer);
                break;
            case UpstreamKind.Presence:
                WritePresence(ref writer);
                break;
            case UpstreamKind.Command or UpstreamKind.Register or UpstreamKind.Return:
                WriteForService(ref writer);
                break;
            case UpstreamKind.Reactions:
                WriteHead(ref writer, ReactionsFieldCount);
                writer.WriteString(Channel);
                Reactions.Write(ref writer);
                break;
            case UpstreamKind.Census:
                WriteHead(ref writer, CensusFieldCount);
                writer.WriteString(Channel);
                writer.WriteUInt64(Ticket);
                writer.WriteBinary(Buckets);
                break;
        }
    }

    // The fields that the first version of each kind had; later ones may be absent.
    private static int FieldCount(UpstreamKind kind) => kind switch
    {
        UpstreamKind.Publish => PublishFieldCount,
        UpstreamKind.Interest or UpstreamKind.Disinterest => ChannelFieldCount,
        UpstreamKind.Query => QueryFieldCount,
        UpstreamKind.Presence => PresenceFieldCount,
        UpstreamKind.Reactions => ReactionsFieldCount,
        UpstreamKind.Census => CensusFieldCount,
        UpstreamKind.Command => CommandFieldCount,
        UpstreamKind.Register => RegisterFieldCount,
        UpstreamKind.Return => ReturnFieldCount,
        _ => 1,
    };

    // Reads what follows the kind; gives how many of the fields have been read, with the kind.
    private int ReadFields(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message, int fields)
    {
        switch (Kind)
        {
            case UpstreamKind.Publish:
                return ReadPublish(ref reader, message, fields);
            case UpstreamKind.Interest:
                Channel = reader.ReadString(ProtocolLimits.InboxNameBytesMax);
                Observe = fields >= InterestObserveFieldCount && reader.ReadUInt64(1) == 1;
                return Math.Min(fields, InterestObserveFieldCount);
            case UpstreamKind.Query:
                Session = reader.ReadUInt64();
                Correlation = reader.ReadUInt32();
                UserId = reader.ReadString(ProtocolLimits.UserIdBytesMax);
                Role = (byte)reader.ReadUInt64(byte.MaxValue);
                QueryBody = ReadRaw(ref reader, message);
                return ReadAddress(ref reader, fields, QueryAddressFieldCount);
            case UpstreamKind.Disinterest or UpstreamKind.Presence or UpstreamKind.Reactions or UpstreamKind.Census:
                Channel = reader.ReadString(ProtocolLimits.InboxNameBytesMax);
                return ReadAboutChannel(ref reader, message);
            case UpstreamKind.Command or UpstreamKind.Register or UpstreamKind.Return:
                return ReadForService(ref reader, message, fields);
            default:
                return 1;
        }
    }

    private int ReadPublish(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message, int fields)
    {
        Session = reader.ReadUInt64();
        Correlation = reader.ReadUInt32();
        Flags = (FrameFlags)reader.ReadUInt64(byte.MaxValue);
        UserId = reader.ReadString(ProtocolLimits.UserIdBytesMax);
        PublishBody = ReadRaw(ref reader, message);
        Role = fields >= PublishRoleFieldCount ? (byte)reader.ReadUInt64(byte.MaxValue) : (byte)0;
        int read = ReadAddress(ref reader, fields, PublishAddressFieldCount);
        if (fields < PublishServiceFieldCount)
        {
            return read;
        }

        Service = reader.ReadString(ProtocolLimits.ServiceWordBytesMax);
        return PublishServiceFieldCount;
    }

    // The last of the known fields, which may be absent; gives how many of them there are.
    private int ReadAddress(scoped ref MessagePackReader reader, int fields, int fieldCount)
    {
        if (fields < fieldCount)
        {
            return fields;
        }

        if (reader.IsNil)
        {
            reader.ReadNil();
            return fieldCount;
        }

        ReadOnlySpan<byte> address = reader.ReadBinary(AddressBytesMax);
        if (address.Length is 4 or AddressBytesMax)
        {
            ClientAddress = new IPAddress(address);
        }
        else
        {
            reader.Fail(DecodeStatus.OutOfRange);
        }

        return fieldCount;
    }

    private int ReadAboutChannel(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message)
    {
        switch (Kind)
        {
            case UpstreamKind.Presence:
                Generation = reader.ReadUInt64();
                Counts = reader.ReadList<MemberCount>();
                ReadNames(ref reader, message);
                return PresenceFieldCount;
            case UpstreamKind.Reactions:
                Reactions = reader.ReadList<ReactionCount>();
                return ReactionsFieldCount;
            case UpstreamKind.Census:
                Ticket = reader.ReadUInt64();
                Buckets = reader.ReadBinary(CensusBytes);
                if (Buckets.Length != CensusBytes)
                {
                    reader.Fail(DecodeStatus.OutOfRange);
                }

                return CensusFieldCount;
            default:
                return ChannelFieldCount;
        }
    }

    private void ReadNames(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message)
    {
        if (reader.IsNil)
        {
            reader.ReadNil();
            return;
        }

        Names = reader.ReadList<MemberName>();
        HasNames = true;
    }

    private static ReadOnlySpan<byte> ReadRaw(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message)
    {
        int start = reader.Offset;
        reader.Skip(1);
        return message[start..reader.Offset];
    }

    private readonly void WritePresence(ref MessagePackWriter writer)
    {
        WriteHead(ref writer, PresenceFieldCount);
        writer.WriteString(Channel);
        writer.WriteUInt64(Generation);
        Counts.Write(ref writer);
        if (HasNames)
        {
            Names.Write(ref writer);
        }
        else
        {
            writer.WriteNil();
        }
    }

    private readonly void WriteAddress(ref MessagePackWriter writer)
    {
        Span<byte> address = stackalloc byte[AddressBytesMax];
        if (ClientAddress?.TryWriteBytes(address, out int bytes) == true)
        {
            writer.WriteBinary(address[..bytes]);
        }
    }

    private readonly void WriteHead(ref MessagePackWriter writer, int fields)
    {
        writer.WriteArrayHeader(fields);
        writer.WriteUInt64((ulong)Kind);
    }
}
