namespace RelayServer.Protocol;

/// <summary>What a message's payload is. Kinds from 16 up are written by the relay only, but for <see cref="Update"/>.</summary>
public enum MessageKind : byte
{
    /// <summary>Chat text: the payload is a UTF-8 string.</summary>
    Text = 0,

    /// <summary>The application's own bytes: the payload is a byte array.</summary>
    Data = 1,

    /// <summary>
    /// From a client: a change of the room, for whose kinds see the specification. The log never has this kind; what was
    /// done is <see cref="Room"/> there.
    /// </summary>
    Control = 2,

    /// <summary>
    /// Written by the relay: holds a place in the log where everything before it is too old to be kept. It moves a
    /// reader's position and is never shown.
    /// </summary>
    Void = 16,

    /// <summary>Written by the relay: the room was changed by the sender; the payload is that of its <see cref="Control"/>.</summary>
    Room = 17,

    /// <summary>Written by the relay: ends every partition of a generation, and begins every one of the next.</summary>
    Split = 18,

    /// <summary>Written by the relay, in history: stands where a message was that has been deleted since.</summary>
    Deleted = 19,

    /// <summary>Written by the relay, never logged: somebody has come or gone.</summary>
    Presence = 20,

    /// <summary>From a service, for a topic, a room or an inbox: <see cref="UpdatePayload"/>.</summary>
    Update = 21,

    /// <summary>Written by the relay: what a command has done, told to the room: <see cref="ResultPayload"/>.</summary>
    Result = 22,

    /// <summary>Written by the relay: a subscription ends: <see cref="SubscriptionPayload"/>.</summary>
    Subscription = 23,
}
