using System.Globalization;

namespace RelayServer.Rooms;

/// <summary>Durations as people write them: a number and one of ms, s, m, h, d.</summary>
public static class Duration
{
    /// <summary>How to write one that may have no end.</summary>
    public const string SecondsRule = "30s, 10m, 2h, 7d or 'forever'";

    private const string Forever = "forever";

    /// <summary>What is said of a word that is none.</summary>
    public static string Refusal(string word) => $"'{word}' is no duration; write {SecondsRule}";

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    /// <summary>Reads how long something lasts, in seconds: at least one, or <see cref="RoomLimits.ForGoodSeconds"/>.</summary>
    public static bool TryParseSeconds(string text, out uint seconds)
    {
        seconds = RoomLimits.ForGoodSeconds;
        if (text == Forever)
        {
            return true;
        }

        if (!TryParse(text, out TimeSpan duration) || duration < TimeSpan.FromSeconds(1) || duration.TotalSeconds >= seconds)
        {
            return false;
        }

        seconds = (uint)duration.TotalSeconds;
        return true;
    }

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        ReadOnlySpan<char> number = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        string unit = text[number.Length..];
        int index = Array.FindIndex(Units, candidate => candidate.Unit == unit);
        if (index < 0 || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count))
        {
            return false;
        }

        double ticks = count * Units[index].Length.Ticks;
        if (!(ticks <= TimeSpan.FromDays(36_500).Ticks))
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>Writes one in the largest unit that divides it.</summary>
    public static string Format(TimeSpan duration)
    {
        for (int index = Units.Length - 1; index > 0; index--)
        {
            if (duration.Ticks != 0 && duration.Ticks % Units[index].Length.Ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / Units[index].Length.Ticks}{Units[index].Unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms");
    }
}
