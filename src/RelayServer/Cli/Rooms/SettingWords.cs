using System.Globalization;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary>The settings of a room in the words of people: what each does, and what it takes.</summary>
internal static class SettingWords
{
    /// <summary>What a setting does, in one line; a word about 0 where that is not a number like the others.</summary>
    public static string Of(RoomSetting setting) => setting switch
    {
        RoomSetting.SlowModeMilliseconds => "how long a member waits from one message to the next; 0: not at all",
        RoomSetting.TextCharactersMax => "longest text of a member; 0: as long as the relay takes",
        RoomSetting.Frozen => "members may not speak for now; moderators, hosts and services may",
        RoomSetting.Speakers => "who may speak, besides services: everyone, those with a role in the room, or moderators and hosts",
        RoomSetting.RetentionMessages => "how many messages of each part of the room are kept; 0: as many as the relay keeps",
        RoomSetting.RetentionHours => "how long messages are kept; 0: as long as the relay keeps them",
        RoomSetting.NoticesMembersMax => "who comes and goes is told in a room of at most so many; 0: never",
        RoomSetting.DeliveryCapPerSecond => "most messages of members that a part delivers, the others are skipped; 0: no limit",
        RoomSetting.UniqueMessages => "a text that was said in the room a short while ago is refused",
        RoomSetting.LinksRefused => "texts of members with links are refused",
        RoomSetting.AutoSplitMembers => "with --mode auto, split from so many members on; 0: not by members",
        RoomSetting.AutoSplitMessagesPerSecond => "with --mode auto, split from so many messages on; 0: not by messages",
        RoomSetting.AutoTargetMembers => "with --mode auto, how many members a group is to have",
        RoomSetting.AutoMergeMembers => "with --mode auto, merge at so many members or fewer",
        RoomSetting.AutoMergeMessagesPerSecond => "with --mode auto, merge at so many messages or fewer",
        RoomSetting.AutoDwellSeconds => "with --mode auto, how long from one split or merge to the next at least",
        RoomSetting.ListMembersMax => "members are listed by name in a room of at most so many; 0: never",
        RoomSetting.Title => "what the room is called, for people",
        RoomSetting.Description => "what the room is about, for people",
        RoomSetting.StartsAtMilliseconds => "when the broadcast is to begin, for people: it begins with 'relay room start'; 0: not said",
        _ => string.Empty,
    };

    /// <summary>What values it takes, with their unit.</summary>
    public static string Range(RoomSettingRule rule) => rule switch
    {
        { IsText: true } => $"a text of at most {rule.Maximum} bytes",
        { Setting: RoomSetting.StartsAtMilliseconds } => $"a time: {RoomValues.TimeRule}",
        { Setting: RoomSetting.Speakers } => "everyone, appointed or hosts",
        { Unit: RoomValues.SwitchUnit } => "on or off",
        _ when RoomValues.UnitMilliseconds(rule) is { } unit =>
            $"{rule.Minimum} to {rule.Maximum} {rule.Unit} ({Duration.Format(TimeSpan.FromMilliseconds(unit * rule.Maximum))})",
        _ => string.Create(CultureInfo.InvariantCulture, $"{rule.Minimum} to {rule.Maximum} {rule.Unit}"),
    };

    /// <summary>The value where none is set; null when there is none.</summary>
    public static string? Default(RoomSettingRule rule) => rule switch
    {
        { IsText: true } or { Setting: RoomSetting.StartsAtMilliseconds } => null,
        { Setting: RoomSetting.Speakers } => "everyone",
        { Unit: RoomValues.SwitchUnit } => rule.Default == 0 ? "off" : "on",
        _ => rule.Default.ToString(CultureInfo.InvariantCulture),
    };
}
