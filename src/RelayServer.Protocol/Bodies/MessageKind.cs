namespace RelayServer.Protocol;

/// <summary>What a message's payload is. Kinds from 16 up are written by the relay only.</summary>
public enum MessageKind : byte
{
    /// <summary>Chat text: the payload is a UTF-8 string.</summary>
    Text = 0,

    /// <summary>The application's own bytes: the payload is a byte array.</summary>
    Data = 1,

    /// <summary>
    /// Written by the relay: holds a place in the log where everything before it is too old to be kept. It moves a
    /// reader's position and is never shown.
    /// </summary>
    Void = 16,
}
