namespace RelayServer.Protocol;

/// <summary>The kind of a frame: byte 4 of the header. PROTOCOL.md, "Frames", has the table with directions and states.</summary>
public enum FrameType : byte
{
    /// <summary>Client to server: magic, versions, capabilities.</summary>
    Hello = 0x01,

    /// <summary>Client to server: the token.</summary>
    Auth = 0x02,

    /// <summary>Server to client: the session and its limits.</summary>
    Welcome = 0x03,

    /// <summary>Either way: are you there?</summary>
    Ping = 0x04,

    /// <summary>Either way: the answer to a PING, with its correlation.</summary>
    Pong = 0x05,

    /// <summary>Either way: the last frame of a connection.</summary>
    Close = 0x06,

    /// <summary>Server to client: one request was refused; the connection stays.</summary>
    Error = 0x07,

    /// <summary>Server to client: this edge goes away; move within the time given.</summary>
    Draining = 0x08,

    /// <summary>Client to server: become a member of a channel.</summary>
    Join = 0x10,

    /// <summary>Server to client: membership granted, and where delivery starts.</summary>
    Joined = 0x11,

    /// <summary>Client to server: end a membership.</summary>
    Leave = 0x12,

    /// <summary>Server to client: the membership has ended; nothing of the channel follows.</summary>
    Left = 0x13,

    /// <summary>Client to server: one message for a channel.</summary>
    Publish = 0x20,

    /// <summary>Server to client: messages that are in the log, with their positions.</summary>
    PubAck = 0x21,

    /// <summary>Server to client: a batch of messages; the same bytes for every member and in the log.</summary>
    Deliver = 0x22,

    /// <summary>Server to client: messages that this member will not receive, and why.</summary>
    Gap = 0x23,

    /// <summary>Client to server: asks for the status or members of a room, or for a list of rooms.</summary>
    Query = 0x40,

    /// <summary>Server to client: the answer to a QUERY, with its correlation.</summary>
    Answer = 0x41,

    /// <summary>Server to client: the state of a joined room, after JOINED and after each change.</summary>
    Room = 0x42,

    /// <summary>Client to server: asks a service to do something.</summary>
    Command = 0x50,

    /// <summary>Server to client: a command was done.</summary>
    Result = 0x51,

    /// <summary>Client to server: this session is an instance of a service.</summary>
    Register = 0x52,

    /// <summary>Server to client: it is one now.</summary>
    Registered = 0x53,

    /// <summary>Server to an instance of a service: a command for it.</summary>
    Call = 0x54,

    /// <summary>Instance of a service to server: what came of a call.</summary>
    Return = 0x55,

    /// <summary>Server to client: a service has come, or has gone.</summary>
    Service = 0x56,

    /// <summary>Server to client: how many members a joined room has, in all and by partition.</summary>
    Counts = 0x60,

    /// <summary>Client to server: hearts and other reactions for a joined room.</summary>
    React = 0x61,

    /// <summary>Server to client: reactions of the whole room, summed.</summary>
    Reactions = 0x62,
}
