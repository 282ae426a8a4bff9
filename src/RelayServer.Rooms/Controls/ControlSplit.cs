namespace RelayServer.Rooms;

/// <summary>How a control asks for a room to be split.</summary>
public enum ControlSplit : byte
{
    /// <summary>None: of a control that is no split.</summary>
    None = 0,

    /// <summary>Each edge an island.</summary>
    Edges = 1,

    /// <summary>Into a given number of groups.</summary>
    Groups = 2,

    /// <summary>From now on the master splits and merges by the room's settings, until somebody does so by hand.</summary>
    Auto = 3,
}
