namespace RelayServer.Edge.Fanout;

/// <summary>Kinds of <see cref="ShardItem"/>.</summary>
internal enum ShardItemKind : byte
{
    /// <summary>A frame for every member of a channel.</summary>
    Fanout,

    /// <summary>A frame for one session.</summary>
    Send,

    /// <summary>All answers to some frames of a session are before this.</summary>
    Answered,

    /// <summary>A session becomes a live member of a channel.</summary>
    AddMember,

    /// <summary>A session is a live member no longer.</summary>
    RemoveMember,

    /// <summary>A session begins.</summary>
    AddSession,

    /// <summary>A session's connection is gone.</summary>
    RemoveSession,

    /// <summary>A CLOSE for one session.</summary>
    Close,

    /// <summary>A session has said goodbye.</summary>
    End,

    /// <summary>The kernel took bytes that had waited.</summary>
    Sent,

    /// <summary>Call back when a session has nothing waiting.</summary>
    WhenDrained,

    /// <summary>Everything before this has been handed out.</summary>
    Mark,

    /// <summary>Time has passed: heartbeats and overdue closes.</summary>
    Tick,
}
