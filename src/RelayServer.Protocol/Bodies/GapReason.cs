namespace RelayServer.Protocol;

/// <summary>Why a member will not receive some messages.</summary>
public enum GapReason : byte
{
    /// <summary>Retention removed them before this member read them.</summary>
    Trimmed = 1,

    /// <summary>The store lost messages: the history after the member's position is another one now.</summary>
    HistoryDiverged = 2,

    /// <summary>The room's delivery cap passed over them; they are in the log.</summary>
    Skipped = 3,

    /// <summary>Nothing is missing: the room was split or merged here, or the member has come to another partition.</summary>
    Moved = 4,
}
