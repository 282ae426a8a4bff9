namespace RelayServer.Protocol;

/// <summary>
/// WELCOME: <c>[version, [capability…], server, session_id, user_id, heartbeat_ms, idle_timeout_ms,
/// client_frame_bytes_max, server_frame_bytes_max, payload_bytes_max, channels_max, publish_window_messages]</c>.
/// </summary>
public ref struct WelcomeBody
{
    private const int FieldCount = 12;

    /// <summary>The version that both sides speak from here on.</summary>
    public uint Version { get; set; }

    /// <summary>Capabilities that both sides have.</summary>
    public Capabilities Capabilities { get; set; }

    /// <summary>Name of the edge.</summary>
    public ReadOnlySpan<byte> Server { get; set; }

    /// <summary>Names this connection in the operator's logs.</summary>
    public ulong SessionId { get; set; }

    /// <summary>The user that the token names.</summary>
    public ReadOnlySpan<byte> UserId { get; set; }

    /// <summary>A side that has sent nothing for this long sends PING, in milliseconds.</summary>
    public uint HeartbeatMilliseconds { get; set; }

    /// <summary>A side that has received nothing for this long closes, in milliseconds.</summary>
    public uint IdleTimeoutMilliseconds { get; set; }

    /// <summary>Largest body the client may send, in bytes.</summary>
    public uint ClientFrameBytesMax { get; set; }

    /// <summary>Largest body the server will send, in bytes.</summary>
    public uint ServerFrameBytesMax { get; set; }

    /// <summary>Largest payload of one message, in bytes.</summary>
    public uint PayloadBytesMax { get; set; }

    /// <summary>Most channels that this session may join.</summary>
    public uint ChannelsMax { get; set; }

    /// <summary>Most publishes that may wait for their PUB_ACK or ERROR.</summary>
    public uint PublishWindowMessages { get; set; }

    /// <summary>Reads a body.</summary>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> body, out WelcomeBody value)
    {
        value = default;
        var reader = new MessagePackReader(body);
        int extra = reader.ReadTupleHeader(FieldCount);
        value.Version = reader.ReadUInt32();
        value.Capabilities = CapabilityNames.Read(ref reader);
        value.Server = reader.ReadString(ProtocolLimits.TextBytesMax);
        value.SessionId = reader.ReadUInt64(ProtocolLimits.NumberMax);
        value.UserId = reader.ReadString(ProtocolLimits.UserIdBytesMax);
        value.HeartbeatMilliseconds = reader.ReadUInt32();
        value.IdleTimeoutMilliseconds = reader.ReadUInt32();
        value.ClientFrameBytesMax = reader.ReadUInt32();
        value.ServerFrameBytesMax = reader.ReadUInt32();
        value.PayloadBytesMax = reader.ReadUInt32();
        value.ChannelsMax = reader.ReadUInt32();
        value.PublishWindowMessages = reader.ReadUInt32();
        reader.Skip(extra, openLevels: 1);
        return reader.Finish();
    }

    /// <summary>Writes the body; false when <paramref name="destination"/> is too small.</summary>
    public readonly bool TryEncode(Span<byte> destination, out int writtenBytes)
    {
        var writer = new MessagePackWriter(destination);
        writer.WriteArrayHeader(FieldCount);
        writer.WriteUInt64(Version);
        CapabilityNames.Write(ref writer, Capabilities);
        writer.WriteString(Server);
        writer.WriteUInt64(SessionId);
        writer.WriteString(UserId);
        writer.WriteUInt64(HeartbeatMilliseconds);
        writer.WriteUInt64(IdleTimeoutMilliseconds);
        writer.WriteUInt64(ClientFrameBytesMax);
        writer.WriteUInt64(ServerFrameBytesMax);
        writer.WriteUInt64(PayloadBytesMax);
        writer.WriteUInt64(ChannelsMax);
        writer.WriteUInt64(PublishWindowMessages);
        writtenBytes = writer.WrittenBytes;
        return !writer.Overflowed;
    }
}
