namespace RelayServer.Protocol;

/// <summary>Header flags: byte 5. A bit that a frame type does not define must be zero.</summary>
[Flags]
public enum FrameFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>PUBLISH: answer with PUB_ACK once the log has the message.</summary>
    AckWanted = 0x01,

    /// <summary>PUBLISH and DELIVER: the message is relayed, never logged, and has no position.</summary>
    Ephemeral = 0x02,
}
