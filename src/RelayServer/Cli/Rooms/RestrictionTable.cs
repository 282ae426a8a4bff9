using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.RoomViews;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary>Who is kept away from a room as a table for people. Not safe for a terminal yet.</summary>
internal static class RestrictionTable
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(string room, IReadOnlyList<RoomRestriction> restrictions, TimeZoneInfo zone)
    {
        if (restrictions.Count == 0)
        {
            yield return $"{room}: nobody is muted or banned";
            yield break;
        }

        int width = Math.Max("USER".Length, restrictions.Max(one => one.User.Length));
        yield return $"{"USER".PadRight(width)}  {"IS",-6}  {"UNTIL",-16}  {"BY",-9}  REASON";
        foreach (RoomRestriction one in restrictions)
        {
            string until = one.Until is { } at ? StatusText.Time(at, zone) : "for good";
            yield return $"{one.User.PadRight(width)}  {What(one.Kind),-6}  {until,-16}  {RoleNames.Of(one.ByRole),-9}  {one.Reason}".TrimEnd();
        }
    }

    private static string What(RestrictionKind kind) => kind switch
    {
        RestrictionKind.Mute => "muted",
        RestrictionKind.Ban => "banned",
        RestrictionKind.Kick => "kicked",
        _ => RoomNames.Of(kind),
    };
}
