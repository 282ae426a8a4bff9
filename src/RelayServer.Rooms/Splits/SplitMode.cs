namespace RelayServer.Rooms;

/// <summary>How a generation of a room is divided.</summary>
public enum SplitMode : byte
{
    /// <summary>Not at all: one partition for everybody.</summary>
    Whole = 0,

    /// <summary>The members of each edge are a partition of their own.</summary>
    Edges = 1,

    /// <summary>Groups of similar size, the same for a user at every edge.</summary>
    Groups = 2,
}
