namespace RelayServer.Master.Hosting;

/// <summary>Kinds of <see cref="MasterEvent"/>.</summary>
internal enum MasterEventKind : byte
{
    /// <summary>A message of an edge.</summary>
    Upstream,

    /// <summary>The flush under way has ended.</summary>
    Flushed,

    /// <summary>A page of a log was read.</summary>
    Read,

    /// <summary>What is saved of a channel's room has been read.</summary>
    Room,

    /// <summary>A channel could not be read, for the store is away.</summary>
    Unread,

    /// <summary>A channel could not be read although the store is there.</summary>
    Unreadable,

    /// <summary>A log begins with what is too old.</summary>
    Expired,

    /// <summary>A page of all that is saved was read.</summary>
    Listed,

    /// <summary>Updates of a topic were read, to be handed on.</summary>
    TopicRead,

    /// <summary>Time has passed.</summary>
    Tick,
}
