namespace RelayServer.Edge.Rooms;

/// <summary>Why a log is read.</summary>
internal enum LogReadKind : byte
{
    /// <summary>A hole in front of the channel's cursor.</summary>
    Repair,

    /// <summary>A member comes from a position that has yet to be found in the log.</summary>
    Verify,

    /// <summary>A member that is on its way reads on.</summary>
    Advance,

    /// <summary>A member wants the last messages.</summary>
    Tail,
}
