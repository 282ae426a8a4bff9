namespace RelayServer.Protocol;

/// <summary>
/// Codes of ERROR and CLOSE. The thousands say what to do: 1xxx try again later, 2xxx sign in again, 3xxx do not
/// repeat it.
/// </summary>
public enum ErrorCode : ushort
{
    /// <summary>No failure: a CLOSE that the client asked for.</summary>
    None = 0,

    /// <summary>The part of the service that was needed is not reachable.</summary>
    Unavailable = 1000,

    /// <summary>A bound of the server is reached.</summary>
    Overloaded = 1001,

    /// <summary>More unacknowledged publishes than WELCOME allows.</summary>
    PublishWindowExceeded = 1002,

    /// <summary>Above a rate limit.</summary>
    RateLimited = 1003,

    /// <summary>The client read too slowly; its outbound bound was reached.</summary>
    SlowConsumer = 1004,

    /// <summary>The edge is being drained.</summary>
    Draining = 1005,

    /// <summary>The server is stopping.</summary>
    ShuttingDown = 1006,

    /// <summary>Nothing was received for longer than WELCOME allows.</summary>
    HeartbeatTimeout = 1007,

    /// <summary>The handshake took too long.</summary>
    HandshakeTimeout = 1008,

    /// <summary>Too many connections or handshakes at this edge.</summary>
    TooManyConnections = 1009,

    /// <summary>An error inside the server.</summary>
    InternalError = 1010,

    /// <summary>The room is in slow mode: this member may speak again later.</summary>
    SlowMode = 1011,

    /// <summary>No instance of the service is there.</summary>
    ServiceUnavailable = 1012,

    /// <summary>The service did not answer in time: whether it has done what was asked is not known.</summary>
    ServiceTimeout = 1013,

    /// <summary>The token's signature, issuer, audience or shape is not accepted.</summary>
    TokenInvalid = 2000,

    /// <summary>The token has expired.</summary>
    TokenExpired = 2001,

    /// <summary>The token was revoked.</summary>
    TokenRevoked = 2002,

    /// <summary>The bytes are not this protocol.</summary>
    BadMagic = 3000,

    /// <summary>No common protocol version.</summary>
    UnsupportedVersion = 3001,

    /// <summary>A frame above the limit for this state.</summary>
    FrameTooLarge = 3002,

    /// <summary>A body that is not the one its frame type has.</summary>
    MalformedBody = 3003,

    /// <summary>A frame that is not legal in this state.</summary>
    IllegalState = 3004,

    /// <summary>A frame type that this version does not have.</summary>
    UnknownFrameType = 3005,

    /// <summary>A channel name outside the allowed alphabet, length or kind.</summary>
    BadChannelName = 3006,

    /// <summary>The session is not a member of the channel.</summary>
    NotJoined = 3007,

    /// <summary>The session is a member of the channel already.</summary>
    AlreadyJoined = 3008,

    /// <summary>The user may not do this.</summary>
    Forbidden = 3009,

    /// <summary>A payload above the limit.</summary>
    PayloadTooLarge = 3010,

    /// <summary>More channels than WELCOME allows.</summary>
    TooManyChannels = 3011,

    /// <summary>A message number that left the retention window: whether it was logged is no longer known.</summary>
    NumberExpired = 3012,

    /// <summary>A position that this channel never had.</summary>
    BadPosition = 3013,

    /// <summary>Header flags that do not go together or are not defined for the type.</summary>
    BadFlags = 3014,

    /// <summary>An argument of a control or query outside its range or of a wrong form, or an unknown verb.</summary>
    BadArgument = 3015,

    /// <summary>The user, or the address it comes from, is banned from the room.</summary>
    Banned = 3016,

    /// <summary>The user is muted in the room.</summary>
    Muted = 3017,

    /// <summary>The user was put out of the room.</summary>
    Kicked = 3018,

    /// <summary>The room does not take this message now: not begun, ended, frozen, or not for the user's role.</summary>
    NotOpen = 3019,

    /// <summary>The room's filters do not let the message pass: its length, its links, or that it was said before.</summary>
    Filtered = 3020,

    /// <summary>The room's state does not allow it: a split of a split room, a merge of a merged one, an end of an ended one.</summary>
    Conflict = 3021,

    /// <summary>There is nothing of that name: a room, a user, a product, a message, a topic, a subject.</summary>
    NotFound = 3022,

    /// <summary>No service has that name.</summary>
    UnknownService = 3023,

    /// <summary>The service does not have that verb.</summary>
    UnknownVerb = 3024,

    /// <summary>The service does not do what was asked; the text says why.</summary>
    CommandRefused = 3025,

    /// <summary>The user has not allowed the service.</summary>
    ConsentRequired = 3026,

    /// <summary>Nobody waits for this answer any more.</summary>
    DeadlinePassed = 3027,
}
