namespace RelayServer.Edge.Rooms;

/// <summary>How far a reader has come.</summary>
internal enum ReaderPhase : byte
{
    /// <summary>Waits for the room's owner.</summary>
    Waiting,

    /// <summary>Waits for a page of the log.</summary>
    Reading,

    /// <summary>Waits for its connection to take what was sent.</summary>
    Draining,

    /// <summary>Has read the log beyond what the feed's members were given; waits for them.</summary>
    Ahead,

    /// <summary>Receives with everybody else.</summary>
    Live,

    /// <summary>An observer's: has read its log to the end, and waits for the others to have done so.</summary>
    Ended,

    /// <summary>Over.</summary>
    Left,
}
