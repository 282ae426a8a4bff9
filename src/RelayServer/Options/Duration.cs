using System.Globalization;

namespace RelayServer.Options;

/// <summary>Durations as people write them: a number and one of ms, s, m, h, d.</summary>
internal static class Duration
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        ReadOnlySpan<char> number = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        string unit = text[number.Length..];
        int index = Array.FindIndex(Units, candidate => candidate.Unit == unit);
        if (index < 0 || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count))
        {
            return false;
        }

        double ticks = count * Units[index].Length.Ticks;
        if (ticks > TimeSpan.FromDays(36_500).Ticks)
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
