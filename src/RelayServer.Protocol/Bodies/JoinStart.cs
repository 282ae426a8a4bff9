namespace RelayServer.Protocol;

/// <summary>Where delivery starts after a JOIN.</summary>
public enum JoinStart : byte
{
    /// <summary>With the next message: nil on the wire.</summary>
    Live,

    /// <summary>With the last N messages: an integer on the wire.</summary>
    LastMessages,

    /// <summary>After a position: an array on the wire.</summary>
    Resume,
}
