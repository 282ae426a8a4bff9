using System.Globalization;
using RelayServer.Client;
using RelayServer.RoomViews;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary>The state of a room as a small table for people. Not safe for a terminal yet.</summary>
internal static class StatusText
{
    private const int NameCells = 12;
    private const int BarCells = 24;
    private const string Eighths = " ▏▎▍▌▋▊▉";

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(RoomStatus status, TimeZoneInfo zone)
    {
        yield return $"{status.Channel}: {Life(status, zone)}";
        if (status.Title.Length > 0)
        {
            yield return Row("title", status.Title);
        }

        foreach ((int index, string line) in status.Description.Split('\n').Where(line => line.Length > 0).Index())
        {
            yield return Row(index == 0 ? "about" : string.Empty, line);
        }

        if (status.Owner.Length > 0)
        {
            yield return Row("owner", status.Owner);
        }

        yield return Row("your role", RoleNames.Of(status.Role));
        yield return Row("members", status.MembersTotal.ToString("N0", CultureInfo.InvariantCulture));
        yield return Row("division", Division(status));
        foreach (string part in Parts(status))
        {
            yield return part;
        }

        foreach ((int index, RoomSettingValue setting) in Shown(status).Index())
        {
            yield return Row(index == 0 ? "settings" : string.Empty, RoomValues.FormatSetting(setting));
        }

        foreach ((int index, string line) in status.Notice.Split('\n').Where(line => line.Length > 0).Index())
        {
            yield return Row(index == 0 ? "notice" : string.Empty, line);
        }

        foreach ((int index, RoomProduct product) in status.Products.Index())
        {
            yield return Row(index == 0 ? "products" : string.Empty, RoomSentences.Product(product));
        }
    }

    /// <summary>A bar of eighths of a cell.</summary>
    public static string Bar(ulong value, ulong maximum, int cells)
    {
        int eighths = maximum == 0 ? 0 : (int)Math.Round((double)value * cells * 8 / maximum);
        string full = new('█', eighths / 8);
        return eighths % 8 == 0 ? full : full + Eighths[eighths % 8];
    }

    /// <summary>A time for people.</summary>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Life(RoomStatus status, TimeZoneInfo zone)
    {
        string starts = status is { State: BroadcastState.Scheduled, StartsAt: { } at } ? $", begins {Time(at, zone)}" : string.Empty;
        return status.State == BroadcastState.Open ? "open (nobody has created it)" : RoomNames.Of(status.State) + starts;
    }

    private static string Division(RoomStatus status)
    {
        string generation = status.Partitioning.Generation == 0 ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $" (generation {status.Partitioning.Generation})");
        return RoomSentences.Division(status.Partitioning) + generation + (status.IsSplitAutomatically ? "; splits and merges by itself" : string.Empty);
    }

    private static IEnumerable<string> Parts(RoomStatus status)
    {
        if (status.Partitioning.Mode == SplitMode.Whole)
        {
            yield break;
        }

        uint largest = status.Sizes.DefaultIfEmpty().Max();
        int widest = Enumerable.Range(0, status.Partitioning.Count).Max(part => Name(part).Length);
        for (int part = 0; part < status.Partitioning.Count; part++)
        {
            uint size = part < status.Sizes.Count ? status.Sizes[part] : 0;
            yield return string.Create(
                CultureInfo.InvariantCulture, $"    {Name(part).PadRight(Math.Max(widest, NameCells - 4))}  {Bar(size, largest, BarCells).PadRight(BarCells)} {size,7:N0}");
        }

        string Name(int part) => status.Partitioning.Mode == SplitMode.Edges
            ? RoomSentences.Label(status.Partitioning, (uint)part)
            : string.Create(CultureInfo.InvariantCulture, $"group {part + 1}");
    }

    // Title, description and time have rows of their own.
    private static IEnumerable<RoomSettingValue> Shown(RoomStatus status) => status.Settings.Where(setting =>
        setting.Setting is not (RoomSetting.Title or RoomSetting.Description or RoomSetting.StartsAtMilliseconds)
        && RoomSettings.Find(setting.Setting)?.Default != setting.Number);

    private static string Row(string name, string value) => $"  {name.PadRight(NameCells)}{value}";
}
