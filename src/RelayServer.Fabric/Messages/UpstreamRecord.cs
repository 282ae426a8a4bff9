using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>One record of an edge's batch; see <see cref="UpstreamKind"/> for the shapes.</summary>
public ref struct UpstreamRecord
{
    /// <summary>Most bytes a publish record takes besides the user id and the PUBLISH body.</summary>
    public const int PublishOverheadBytesMax = 2 + (3 * MessagePackWriter.IntegerBytesMax) + MessagePackWriter.HeadBytesMax;

    private const int PublishFieldCount = 6;
    private const int ChannelFieldCount = 2;

    /// <summary>What it is.</summary>
    public UpstreamKind Kind { get; set; }

    /// <summary>Publish: the session that gets the answer.</summary>
    public ulong Session { get; set; }

    /// <summary>Publish: the correlation of the client's frame.</summary>
    public uint Correlation { get; set; }

    /// <summary>Publish: the flags of the client's frame.</summary>
    public FrameFlags Flags { get; set; }

    /// <summary>Publish: the authenticated sender.</summary>
    public ReadOnlySpan<byte> UserId { get; set; }

    /// <summary>Publish: the client's body, as it came.</summary>
    public ReadOnlySpan<byte> PublishBody { get; set; }

    /// <summary>Interest and disinterest: the channel.</summary>
    public ReadOnlySpan<byte> Channel { get; set; }

    /// <summary>Reads the next record of <paramref name="message"/>.</summary>
    public static UpstreamRecord Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message)
    {
        UpstreamRecord record = default;
        int fields = reader.ReadArrayHeader();
        record.Kind = (UpstreamKind)reader.ReadUInt64(byte.MaxValue);
        int read = 1;
        switch (record.Kind)
        {
            case UpstreamKind.Publish when fields >= PublishFieldCount:
                record.Session = reader.ReadUInt64();
                record.Correlation = reader.ReadUInt32();
                record.Flags = (FrameFlags)reader.ReadUInt64(byte.MaxValue);
                record.UserId = reader.ReadString(ProtocolLimits.UserIdBytesMax);
                int start = reader.Offset;
                reader.Skip(1);
                record.PublishBody = message[start..reader.Offset];
                read = PublishFieldCount;
                break;
            case UpstreamKind.Interest or UpstreamKind.Disinterest when fields >= ChannelFieldCount:
                record.Channel = reader.ReadString(ProtocolLimits.ChannelNameBytesMax);
                read = ChannelFieldCount;
                break;
            case UpstreamKind.Publish or UpstreamKind.Interest or UpstreamKind.Disinterest:
                reader.Fail(DecodeStatus.OutOfRange);
                return record;
        }

        // Kinds of later versions are passed over.
        reader.Skip(fields - read);
        return record;
    }

    /// <summary>Writes the record.</summary>
    public readonly void Write(ref MessagePackWriter writer)
    {
        if (Kind == UpstreamKind.Publish)
        {
            writer.WriteArrayHeader(PublishFieldCount);
            writer.WriteUInt64((ulong)Kind);
            writer.WriteUInt64(Session);
            writer.WriteUInt64(Correlation);
            writer.WriteUInt64((ulong)Flags);
            writer.WriteString(UserId);
            writer.WriteRaw(PublishBody);
            return;
        }

        writer.WriteArrayHeader(ChannelFieldCount);
        writer.WriteUInt64((ulong)Kind);
        writer.WriteString(Channel);
    }
}
