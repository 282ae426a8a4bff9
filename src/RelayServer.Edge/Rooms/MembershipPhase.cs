namespace RelayServer.Edge.Rooms;

/// <summary>How far a member has come.</summary>
internal enum MembershipPhase : byte
{
    /// <summary>Waits for the channel's owner to tell its top.</summary>
    Waiting,

    /// <summary>Waits for a page of the log.</summary>
    Reading,

    /// <summary>Waits for its connection to take what was sent.</summary>
    Draining,

    /// <summary>Has read the log beyond what the channel's members were given; waits for them.</summary>
    Ahead,

    /// <summary>Receives with everybody else.</summary>
    Live,

    /// <summary>Over.</summary>
    Left,
}
