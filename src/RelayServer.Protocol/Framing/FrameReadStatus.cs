namespace RelayServer.Protocol;

/// <summary>What <see cref="FrameReader"/> found at the front of a buffer.</summary>
public enum FrameReadStatus
{
    /// <summary>A whole frame.</summary>
    Complete,

    /// <summary>The beginning of a frame: more bytes are needed.</summary>
    Incomplete,

    /// <summary>The declared length is above the limit; nothing was or will be read of it.</summary>
    TooLarge,

    /// <summary>The reserved bytes are not zero: this is not our protocol.</summary>
    BadHeader,
}
