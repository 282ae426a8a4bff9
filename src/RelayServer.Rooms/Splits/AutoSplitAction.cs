namespace RelayServer.Rooms;

/// <summary>What is to be done with a room that is split automatically.</summary>
public enum AutoSplitAction : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Split it into groups.</summary>
    Split = 1,

    /// <summary>Merge it.</summary>
    Merge = 2,
}
