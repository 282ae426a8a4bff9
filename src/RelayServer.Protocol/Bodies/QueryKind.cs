namespace RelayServer.Protocol;

/// <summary>What a QUERY asks for, and what an ANSWER answers: the first field of both.</summary>
public enum QueryKind : byte
{
    /// <summary>The state of a room: <see cref="StatusBody"/>.</summary>
    Status = 1,

    /// <summary>Who is in a room: <see cref="MembersBody"/>.</summary>
    Members = 2,

    /// <summary>Which rooms there are: <see cref="RoomListBody"/>.</summary>
    Rooms = 3,

    /// <summary>Who is muted, banned or kicked in a room: <see cref="RestrictionListBody"/>.</summary>
    Restrictions = 4,

    /// <summary>Which services there are, what they can do and what they tell of: <see cref="MenuBody"/>.</summary>
    Menu = 5,

    /// <summary>What a room, or the user's inbox, has subscribed to: <see cref="SubscriptionListBody"/>.</summary>
    Subscriptions = 6,
}
