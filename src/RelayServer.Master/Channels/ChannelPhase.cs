namespace RelayServer.Master.Channels;

/// <summary>Whether a channel's log has been read since the slot was claimed.</summary>
internal enum ChannelPhase : byte
{
    /// <summary>Waits for its turn to be read.</summary>
    Queued,

    /// <summary>Being read.</summary>
    Loading,

    /// <summary>Read: messages get their place at once.</summary>
    Ready,
}
