namespace RelayServer.Protocol;

/// <summary>Limits of protocol version 1. PROTOCOL.md, "Limits", is checked against these values by a test.</summary>
public static class ProtocolLimits
{
    /// <summary>The version that this library speaks.</summary>
    public const uint Version = 1;

    /// <summary>Body of one frame before WELCOME, in bytes.</summary>
    public const int HandshakeFrameBytesMax = 4 * 1024;

    /// <summary>All bytes that a client may send before WELCOME.</summary>
    public const int HandshakeBytesMax = 8 * 1024;

    /// <summary>Body of one frame from a client after WELCOME, in bytes.</summary>
    public const int ClientFrameBytesMax = 64 * 1024;

    /// <summary>Body of one frame from a server, in bytes.</summary>
    public const int ServerFrameBytesMax = 128 * 1024;

    /// <summary>Payload of one message, in bytes.</summary>
    public const int PayloadBytesMax = 60 * 1024;

    /// <summary>A DELIVER body takes no further message once it has this many bytes.</summary>
    public const int DeliverBodyBytesTarget = 64 * 1024;

    /// <summary>A token, in bytes.</summary>
    public const int TokenBytesMax = 4000;

    /// <summary>A channel name, in bytes.</summary>
    public const int ChannelNameBytesMax = 128;

    /// <summary>A user id, in bytes.</summary>
    public const int UserIdBytesMax = 128;

    /// <summary>A human-readable text in ERROR, CLOSE, HELLO and WELCOME, in bytes.</summary>
    public const int TextBytesMax = 512;

    /// <summary>Capabilities named in HELLO or WELCOME.</summary>
    public const int CapabilitiesMax = 32;

    /// <summary>The name of one capability, in bytes.</summary>
    public const int CapabilityNameBytesMax = 32;

    /// <summary>Nesting of arrays and maps in a body.</summary>
    public const int DepthMax = 8;

    /// <summary>Messages of history that a JOIN may ask for by count.</summary>
    public const int JoinHistoryMessagesMax = 1000;

    /// <summary>Messages in one PUB_ACK.</summary>
    public const int PubAckMessagesMax = 4096;

    /// <summary>Largest message number, sequence number, epoch or generation: what every language's signed 64 bits hold.</summary>
    public const ulong NumberMax = long.MaxValue;
}
