namespace RelayServer.Edge.Hosting;

/// <summary>Kinds of <see cref="EdgeEvent"/>.</summary>
internal enum EdgeEventKind : byte
{
    /// <summary>Whole frames of a session.</summary>
    Frames,

    /// <summary>A session was welcomed.</summary>
    Opened,

    /// <summary>A session's connection is gone.</summary>
    Closed,

    /// <summary>A message of a master.</summary>
    Relay,

    /// <summary>A relay was handed to the connections.</summary>
    Applied,

    /// <summary>A page of a repair was handed to the connections.</summary>
    HandedOut,

    /// <summary>A log was read, or could not be.</summary>
    LogRead,

    /// <summary>A member's connection has taken what it was sent.</summary>
    Drained,

    /// <summary>The slot table was read.</summary>
    Slots,

    /// <summary>About a second has passed.</summary>
    Tick,

    /// <summary>A quarter of a second has passed.</summary>
    Quarter,

    /// <summary>Tokens were revoked.</summary>
    Revoked,

    /// <summary>Sessions are to move.</summary>
    Drain,

    /// <summary>Sessions are to be closed.</summary>
    CloseAll,
}
