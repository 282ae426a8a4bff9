namespace RelayServer.Rooms;

/// <summary>Where a room is in its life.</summary>
public enum BroadcastState : byte
{
    /// <summary>Never created: it is there because people join it, and belongs to nobody.</summary>
    Open = 0,

    /// <summary>Created; its host has not begun yet, so members wait.</summary>
    Scheduled = 1,

    /// <summary>On.</summary>
    Live = 2,

    /// <summary>Over, for good.</summary>
    Ended = 3,
}
