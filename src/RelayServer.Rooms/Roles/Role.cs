namespace RelayServer.Rooms;

/// <summary>
/// What somebody is, in general (by the token) or in a room (owner, appointed). Each role may do all that the ones below
/// it may; so the highest of several is what counts.
/// </summary>
public enum Role : byte
{
    /// <summary>Says nothing: of a token, that its bearer is a <see cref="Member"/>; to appoint, that the user is dismissed.</summary>
    None = 0,

    /// <summary>Reads and reacts.</summary>
    Viewer = 1,

    /// <summary>Speaks; what everybody is that nothing else is said of.</summary>
    Member = 2,

    /// <summary>A program of the house, such as a shop: speaks to all partitions. By the token only.</summary>
    Service = 3,

    /// <summary>Keeps order. Appointed only.</summary>
    Moderator = 4,

    /// <summary>Runs the room: its owner, or appointed.</summary>
    Host = 5,

    /// <summary>Runs the relay; may do everything in every room. By the token only.</summary>
    Operator = 6,
}
