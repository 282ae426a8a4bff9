namespace RelayServer.Master.Hosting;

/// <summary>Kinds of <see cref="MasterEvent"/>.</summary>
internal enum MasterEventKind : byte
{
    /// <summary>A message of an edge.</summary>
    Upstream,

    /// <summary>The flush under way has ended.</summary>
    Flushed,

    /// <summary>A page of a log was read, or could not be.</summary>
    Read,

    /// <summary>What is saved of a channel's room has been read.</summary>
    Room,

    /// <summary>It could not be read.</summary>
    RoomUnread,

    /// <summary>A log begins with what is too old.</summary>
    Expired,

    /// <summary>A page of what is saved of rooms was read, for the list of them.</summary>
    Listed,

    /// <summary>Time has passed.</summary>
    Tick,
}
