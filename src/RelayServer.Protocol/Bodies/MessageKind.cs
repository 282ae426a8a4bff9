namespace RelayServer.Protocol;

/// <summary>What a message's payload is. Kinds from 16 up are written by the relay only.</summary>
public enum MessageKind : byte
{
    /// <summary>Chat text: the payload is a UTF-8 string.</summary>
    Text = 0,

    /// <summary>The application's own bytes: the payload is a byte array.</summary>
    Data = 1,
}
