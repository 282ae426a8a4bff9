namespace RelayServer.Rooms;

/// <summary>What can be set in a room, by its number on the wire; <see cref="RoomSettings"/> has names, units, ranges and defaults.</summary>
public enum RoomSetting : byte
{
    /// <summary>A member's next message is taken after this many milliseconds; 0: at once.</summary>
    SlowModeMilliseconds = 1,

    /// <summary>Longest text of a member, in Unicode characters; 0: no limit of the room's own.</summary>
    TextCharactersMax = 2,

    /// <summary>1: members may not speak for now.</summary>
    Frozen = 3,

    /// <summary>Who may speak: 0 everyone, 1 appointed members and above, 2 moderators and hosts. Services always may.</summary>
    Speakers = 4,

    /// <summary>How many messages of a partition are kept; 0: as many as the master keeps.</summary>
    RetentionMessages = 5,

    /// <summary>How many hours messages are kept; 0: as long as the master keeps them.</summary>
    RetentionHours = 6,

    /// <summary>Most members up to which coming and going is announced; 0: never.</summary>
    NoticesMembersMax = 7,

    /// <summary>Most messages of members that a partition delivers in a second; 0: no limit.</summary>
    DeliveryCapPerSecond = 8,

    /// <summary>1: a text that is among the last <see cref="RepeatFilter.TextsMax"/> of the room is refused.</summary>
    UniqueMessages = 9,

    /// <summary>1: texts with links are refused.</summary>
    LinksRefused = 10,

    /// <summary>With automatic splits: split from this many members on; 0: not by members.</summary>
    AutoSplitMembers = 11,

    /// <summary>With automatic splits: split from this many messages in a second on; 0: not by messages.</summary>
    AutoSplitMessagesPerSecond = 12,

    /// <summary>With automatic splits: members of a group.</summary>
    AutoTargetMembers = 13,

    /// <summary>With automatic splits: merge at this many members or fewer.</summary>
    AutoMergeMembers = 14,

    /// <summary>With automatic splits: merge at this many messages in a second or fewer.</summary>
    AutoMergeMessagesPerSecond = 15,

    /// <summary>With automatic splits: seconds from one switch to the next at least.</summary>
    AutoDwellSeconds = 16,

    /// <summary>Most members up to which they are listed by name; 0: never.</summary>
    ListMembersMax = 18,

    /// <summary>The title; a text.</summary>
    Title = 32,

    /// <summary>The description; a text.</summary>
    Description = 33,

    /// <summary>When it is to begin, in milliseconds since 1970 UTC; 0: not said.</summary>
    StartsAtMilliseconds = 34,
}
