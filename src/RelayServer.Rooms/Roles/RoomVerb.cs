namespace RelayServer.Rooms;

/// <summary>Everything that anybody can do with a channel.</summary>
public enum RoomVerb : byte
{
    /// <summary>Become a member and read.</summary>
    Join,

    /// <summary>Read every partition of a split room.</summary>
    Observe,

    /// <summary>Publish a text or data.</summary>
    Speak,

    /// <summary>Be heard in every partition, and not be bound by what is there against a crowd: slow mode, freeze, filters, delivery cap.</summary>
    Broadcast,

    /// <summary>Send hearts and other reactions.</summary>
    React,

    /// <summary>Create a room, and so own it.</summary>
    Create,

    /// <summary>Change its settings.</summary>
    Set,

    /// <summary>Go live.</summary>
    Start,

    /// <summary>End the broadcast.</summary>
    End,

    /// <summary>Split it.</summary>
    Split,

    /// <summary>Merge it.</summary>
    Merge,

    /// <summary>Appoint and dismiss.</summary>
    Appoint,

    /// <summary>Take somebody's voice, or give it back.</summary>
    Mute,

    /// <summary>Put somebody out.</summary>
    Kick,

    /// <summary>Put somebody out and keep him out, or let him in again.</summary>
    Ban,

    /// <summary>The same for a range of addresses.</summary>
    BanAddress,

    /// <summary>Delete a message.</summary>
    Delete,

    /// <summary>Pin a notice.</summary>
    Notice,

    /// <summary>Pin, change and remove product cards.</summary>
    Product,

    /// <summary>Tell of a purchase.</summary>
    Purchase,

    /// <summary>Ask how the room is.</summary>
    Status,

    /// <summary>Ask who is in it.</summary>
    Members,

    /// <summary>Ask who is muted, banned or kicked.</summary>
    Restrictions,

    /// <summary>List and search rooms.</summary>
    List,

    /// <summary>Subscribe to topics of services, change that and end it. In an open room everybody who speaks may.</summary>
    Subscribe,

    /// <summary>Let services in, and put them out. In an open room everybody who speaks may.</summary>
    Invite,

    /// <summary>Ask what is subscribed to.</summary>
    Subscriptions,
}
