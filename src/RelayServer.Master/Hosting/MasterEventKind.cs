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

    /// <summary>A page of all that is saved was read.</summary>
    Listed,

    /// <summary>Updates of a topic were read, to be handed on.</summary>
    TopicRead,

    /// <summary>Time has passed.</summary>
    Tick,
}
