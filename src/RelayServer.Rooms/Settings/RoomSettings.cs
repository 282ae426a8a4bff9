using System.Globalization;
using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The table of settings: names, units, ranges and defaults.</summary>
public static class RoomSettings
{
    private const ulong MembersMax = 1_000_000;
    private const ulong MessagesPerSecondMax = 1_000_000;

    private static readonly RoomSettingRule[] Table =
    [
        new(RoomSetting.SlowModeMilliseconds, "slow_mode_ms", "ms", 0, 3_600_000, 0),
        new(RoomSetting.TextCharactersMax, "text_characters_max", "characters", 0, ProtocolLimits.PayloadBytesMax, 0),
        new(RoomSetting.Frozen, "frozen", "0 or 1", 0, 1, 0),
        new(RoomSetting.Speakers, "speakers", "0, 1 or 2", 0, 2, 0),
        new(RoomSetting.RetentionMessages, "retention_messages", "messages", 0, 100_000_000, 0),
        new(RoomSetting.RetentionHours, "retention_hours", "hours", 0, 87_600, 0),
        new(RoomSetting.NoticesMembersMax, "notices_members_max", "members", 0, 200, 50),
        new(RoomSetting.DeliveryCapPerSecond, "delivery_cap_per_second", "messages/s", 0, 100_000, 0),
        new(RoomSetting.UniqueMessages, "unique_messages", "0 or 1", 0, 1, 0),
        new(RoomSetting.LinksRefused, "links_refused", "0 or 1", 0, 1, 0),
        new(RoomSetting.AutoSplitMembers, "auto_split_members", "members", 0, MembersMax, 2000),
        new(RoomSetting.AutoSplitMessagesPerSecond, "auto_split_messages_per_second", "messages/s", 0, MessagesPerSecondMax, 50),
        new(RoomSetting.AutoTargetMembers, "auto_target_members", "members", 1, MembersMax, 500),
        new(RoomSetting.AutoMergeMembers, "auto_merge_members", "members", 0, MembersMax, 1000),
        new(RoomSetting.AutoMergeMessagesPerSecond, "auto_merge_messages_per_second", "messages/s", 0, MessagesPerSecondMax, 10),
        new(RoomSetting.AutoDwellSeconds, "auto_dwell_seconds", "s", 0, 86_400, 60),
        new(RoomSetting.ListMembersMax, "list_members_max", "members", 0, 200, 100),
        new(RoomSetting.Title, "title", RoomSettingRule.TextUnit, 0, RoomLimits.TitleBytesMax, 0),
        new(RoomSetting.Description, "description", RoomSettingRule.TextUnit, 0, RoomLimits.DescriptionBytesMax, 0),
        new(RoomSetting.StartsAtMilliseconds, "starts_at_ms", "ms since 1970", 0, ProtocolLimits.NumberMax, 0),
    ];

    private static readonly RoomSettingRule?[] ById = Index();

    /// <summary>All settings, by their numbers on the wire.</summary>
    public static IReadOnlyList<RoomSettingRule> All => Table;

    /// <summary>What there is to know of a setting; null when there is none such.</summary>
    public static RoomSettingRule? Find(RoomSetting setting) => (int)setting < ById.Length ? ById[(int)setting] : null;

    /// <summary>The setting of that name; null when there is none such.</summary>
    public static RoomSettingRule? Find(string name) => Array.Find(Table, rule => rule.Name == name);

    /// <summary>Why a value is not one for its setting; null when it is.</summary>
    public static ControlRefusal? Check(RoomSettingValue value)
    {
        bool fits = Find(value.Setting) is { } rule && rule.IsText == value.Text is not null && (value.Text is { } text
            ? ControlText.Fits(text, rule.Minimum, rule.Maximum, rule.HasLines)
            : value.Number >= rule.Minimum && value.Number <= rule.Maximum);
        return fits ? null : Refuse(value.Setting);
    }

    /// <summary>Reads a setting as people write it: <c>slow_mode_ms=2000</c>, <c>title=Spring sale</c>.</summary>
    /// <param name="text">Name, equals sign, value; a number in decimal digits only.</param>
    /// <param name="value">What was read.</param>
    /// <returns>Null when it was read, else what is wrong with it.</returns>
    public static ControlRefusal? Parse(string text, out RoomSettingValue value)
    {
        value = default;
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return new ControlRefusal(ErrorCode.BadArgument, "a setting is written name=value");
        }

        if (Find(text[..equals].Trim()) is not { } rule)
        {
            return new ControlRefusal(ErrorCode.BadArgument, $"settings are {string.Join(", ", Table.Select(known => known.Name))}");
        }

        string written = text[(equals + 1)..].Trim();
        if (rule.IsText)
        {
            value = new RoomSettingValue(rule.Setting, 0, written);
        }
        else if (ulong.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
        {
            value = new RoomSettingValue(rule.Setting, number);
        }
        else
        {
            return Refuse(rule.Setting);
        }

        return Check(value);
    }

    /// <summary>A value as people write it; what <see cref="Parse"/> reads.</summary>
    public static string Format(RoomSettingValue value)
    {
        var written = new StringBuilder(Find(value.Setting)?.Name ?? ((int)value.Setting).ToString(CultureInfo.InvariantCulture));
        written.Append('=');
        return value.Text is { } text ? written.Append(text).ToString() : written.Append(value.Number).ToString();
    }

    /// <summary>That a setting cannot be that, and what it can be.</summary>
    internal static ControlRefusal Refuse(RoomSetting setting) => new(
        ErrorCode.BadArgument, Find(setting) is { } rule ? $"{rule.Name} must be {rule.Form}" : $"there is no setting {(int)setting}");

    private static RoomSettingRule?[] Index()
    {
        var byId = new RoomSettingRule?[Table.Max(rule => (int)rule.Setting) + 1];
        foreach (RoomSettingRule rule in Table)
        {
            byId[(int)rule.Setting] = rule;
        }

        return byId;
    }
}
