using System.Globalization;
using RelayServer.Options;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary>Values of rooms as people write them, on the command line and in a chat.</summary>
internal static class RoomValues
{
    /// <summary>How to write a time.</summary>
    public const string TimeRule = "2026-05-01T18:00 (this machine's time), 2026-05-01T18:00Z, 18:00 or +30m";

    /// <summary>The unit of settings that are on or off.</summary>
    public const string SwitchUnit = "0 or 1";

    private static readonly string[] Speakers = ["everyone", "appointed", "hosts"];

    /// <summary>Writes how long something lasts, as the end of a sentence: <c>for 10m</c>, <c>for good</c>.</summary>
    public static string ForSeconds(uint seconds) =>
        seconds == RoomLimits.ForGoodSeconds ? "for good" : $"for {Duration.Format(TimeSpan.FromSeconds(seconds))}";

    /// <summary>Reads a time; one of a day that is past already is tomorrow's.</summary>
    public static bool TryTime(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        time = default;
        if (text.StartsWith('+') && Duration.TryParse(text[1..], out TimeSpan wait))
        {
            time = now + wait;
            return true;
        }

        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly ofDay))
        {
            time = new DateTimeOffset(DateOnly.FromDateTime(now.DateTime), ofDay, now.Offset);
            time = time > now ? time : time.AddDays(1);
            return true;
        }

        return text.Length >= "2026-05-01".Length
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out time)
            && time >= DateTimeOffset.UnixEpoch;
    }

    /// <summary>
    /// Reads a setting: what <see cref="RoomSettings.Parse"/> reads, durations for what has a unit of time, on and off, names for
    /// who may speak, and a time for when it starts.
    /// </summary>
    /// <returns>Null when it was read, else what is wrong with it.</returns>
    public static string? ParseSetting(string text, DateTimeOffset now, out RoomSettingValue value)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? text : text[..equals].Trim();
        if (equals < 0 || RoomSettings.Find(name) is not { } rule)
        {
            value = default;
            string[] names = [.. RoomSettings.All.Select(known => known.Name)];
            string? meant = Suggestion.For(name, names) ?? Array.Find(names, known => name.Length > 1 && known.StartsWith(name, StringComparison.Ordinal));
            return equals < 0 ? $"'{text}': a setting is written name=value"
                : meant is not null ? $"there is no setting '{name}'; did you mean '{meant}'?"
                : $"there is no setting '{name}'; there are {string.Join(", ", names)}";
        }

        string written = text[(equals + 1)..].Trim();
        return RoomSettings.Parse($"{name}={InUnits(rule, written, now) ?? written}", out value) is not { } refusal ? null
            : rule.IsText ? refusal.Text
            : $"{name} takes {SettingWords.Range(rule)}, not '{written}'";
    }

    /// <summary>How long the unit of a setting is, in milliseconds; null when it is not one of time.</summary>
    public static double? UnitMilliseconds(RoomSettingRule rule) => rule.Unit switch
    {
        "ms" => 1,
        "s" => TimeSpan.MillisecondsPerSecond,
        "hours" => TimeSpan.MillisecondsPerHour,
        _ => null,
    };

    /// <summary>A setting for people: with its unit, and switches by name.</summary>
    public static string FormatSetting(RoomSettingValue value)
    {
        RoomSettingRule? rule = RoomSettings.Find(value.Setting);
        if (rule is null || value.Text is not null)
        {
            return RoomSettings.Format(value);
        }

        string written = rule.Unit switch
        {
            SwitchUnit => value.Number == 0 ? "off" : "on",
            "ms" => Duration.Format(TimeSpan.FromMilliseconds(value.Number)),
            _ when rule.Setting == RoomSetting.Speakers && value.Number < (ulong)Speakers.Length => Speakers[value.Number],
            _ => value.Number.ToString(CultureInfo.InvariantCulture),
        };
        return $"{rule.Name}={written}";
    }

    private static string? InUnits(RoomSettingRule rule, string written, DateTimeOffset now)
    {
        if (rule.Setting == RoomSetting.StartsAtMilliseconds)
        {
            return TryTime(written, now, out DateTimeOffset time) ? Number(time.ToUnixTimeMilliseconds()) : null;
        }

        if (rule.Setting == RoomSetting.Speakers)
        {
            return Array.IndexOf(Speakers, written) is >= 0 and int index ? Number(index) : null;
        }

        if (rule.Unit == SwitchUnit)
        {
            return written switch
            {
                "on" => "1",
                "off" => "0",
                _ => null,
            };
        }

        return UnitMilliseconds(rule) is { } milliseconds && Duration.TryParse(written, out TimeSpan duration)
            ? Number((long)(duration.TotalMilliseconds / milliseconds))
            : null;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
