using System.CommandLine;
using System.Globalization;
using RelayServer.Client;
using RelayServer.Options;
using RelayServer.Protocol;
using RelayServer.RoomViews;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary><c>relay room status</c>, <c>list</c>, <c>members</c> and <c>bans</c>.</summary>
internal static class RoomQueryCommands
{
    private const int DefaultRooms = 100;

    private const string StatusDetails = "Examples:\n  relay room status sale\n  relay room status sale --json | jq '.partitions[].members'";
    private const string ListDetails =
        """
        Listed are rooms that somebody created. A room that nobody created is open to all under any name; 'relay room status'
        shows how it is.

        Examples:
          relay room list --state live
          relay room list --search spring --max 20
        """;

    private const string MembersDetails = "Names are listed while the room has at most list_members_max members.\n\nExample:\n  relay room members sale";

    private const string BansDetails =
        """
        Mutes, bans and kicks of users that are in force, with their ends, reasons, and the role that laid them on: no lower one
        lifts them. Banned ranges of addresses are told to nobody. With --json one object in a line for each.

        Examples:
          relay room bans sale
          relay room bans sale --json | jq -r 'select(.restriction == "ban") | .user'
        """;

    // Those of rooms that are listed: who is open has not been created.
    private static readonly BroadcastState[] States = [.. Enum.GetValues<BroadcastState>().Where(state => state != BroadcastState.Open)];

    public static IEnumerable<Command> All()
    {
        yield return RoomSubcommand.OfRoom("status", "Show how a room is: state, division with sizes, settings, what is pinned", StatusDetails, [], _ => ShowStatusAsync);
        yield return List();
        yield return RoomSubcommand.OfRoom("members", "Show who is in a room", MembersDetails, [], _ => ShowMembersAsync);
        yield return RoomSubcommand.OfRoom("bans", "Show who is muted, banned or kicked", BansDetails, [], _ => ShowBansAsync);
    }

    private static Command List()
    {
        var search = new Option<string?>("--search") { Description = "Only those with this in the name or the title", HelpName = "TEXT" };
        var state = new Option<string?>("--state") { Description = $"Only those that are {string.Join(", ", States.Select(RoomNames.Of))}", HelpName = "STATE" };
        var max = new Option<int>("--max") { Description = "At most so many", HelpName = "N", DefaultValueFactory = _ => DefaultRooms };
        var after = new Option<string?>("--after") { Description = "Only those whose name comes after this one", HelpName = "ROOM" };
        return RoomSubcommand.OfAll("list", "List and search rooms", ListDetails, [search, state, max, after], parsed =>
        {
            var wanted = new RoomSearch
            {
                Text = ReadSearch(parsed.GetValue(search)),
                State = ReadState(parsed.GetValue(state)),
                After = parsed.GetValue(after) is { } name ? ReadName(name) : string.Empty,
            };
            int rooms = parsed.GetValue(max);
            return rooms < 1
                ? throw new SettingsException(["--max takes 1 or more"])
                : (session, cancellationToken) => ShowListAsync(session, wanted, rooms, cancellationToken);
        });
    }

    private static async Task ShowStatusAsync(RoomSession session, string room, CancellationToken cancellationToken)
    {
        RoomStatus status = await session.Client.QueryStatusAsync(room, cancellationToken);
        if (session.IsJson)
        {
            session.PrintJson(json => RoomJson.WriteStatus(json, status));
            return;
        }

        foreach (string line in StatusText.Lines(status, TimeZoneInfo.Local))
        {
            session.Print(line);
        }
    }

    private static async Task ShowMembersAsync(RoomSession session, string room, CancellationToken cancellationToken)
    {
        RoomMembers members = await session.Client.QueryMembersAsync(room, cancellationToken);
        if (session.IsJson)
        {
            session.PrintJson(json => RoomJson.WriteMembers(json, room, members));
            return;
        }

        session.Print($"{room}: {RoomSentences.Count(members.Total, "member", "members")}{(members.Users.Count == 0 && members.Total > 0 ? ", too many to list by name" : string.Empty)}");
        foreach (string user in members.Users)
        {
            session.Print($"  {user}");
        }
    }

    private static async Task ShowBansAsync(RoomSession session, string room, CancellationToken cancellationToken)
    {
        IReadOnlyList<RoomRestriction> restrictions = await ReadRestrictionsAsync(session.Client, room, cancellationToken);
        if (session.IsJson)
        {
            foreach (RoomRestriction one in restrictions)
            {
                session.PrintJson(json => RoomJson.WriteRestriction(json, room, one));
            }

            return;
        }

        foreach (string line in RestrictionTable.Lines(room, restrictions, TimeZoneInfo.Local))
        {
            session.Print(line);
        }
    }

    private static async Task ShowListAsync(RoomSession session, RoomSearch search, int max, CancellationToken cancellationToken)
    {
        List<RoomSummary> rooms = [];
        bool more = true;
        while (more && rooms.Count < max)
        {
            RoomPage page = await session.Client.QueryRoomsAsync(
                search with { Max = Math.Min(ProtocolLimits.RoomsListedMax, max - rooms.Count) }, cancellationToken);
            rooms.AddRange(page.Rooms);
            more = page.HasMore && page.Rooms.Count > 0;
            search = more ? search with { After = page.Rooms[^1].Name } : search;
        }

        if (session.IsJson)
        {
            rooms.ForEach(room => session.PrintJson(json => RoomJson.WriteSummary(json, room)));
            return;
        }

        foreach (string row in Table(rooms, TimeZoneInfo.Local))
        {
            session.Print(row);
        }

        if (more)
        {
            session.Print($"There are more: --max, or --after {rooms[^1].Name}");
        }
    }

    /// <summary>All who are kept away, page by page.</summary>
    internal static async Task<IReadOnlyList<RoomRestriction>> ReadRestrictionsAsync(RelayClient client, string room, CancellationToken cancellationToken)
    {
        List<RoomRestriction> restrictions = [];
        RestrictionPage page;
        do
        {
            page = await client.QueryRestrictionsAsync(room, restrictions.LastOrDefault(), cancellationToken: cancellationToken);
            restrictions.AddRange(page.Restrictions);
        }
        while (page is { HasMore: true, Restrictions.Count: > 0 });
        return restrictions;
    }

    /// <summary>Rooms as a table for people.</summary>
    internal static IEnumerable<string> Table(IReadOnlyList<RoomSummary> rooms, TimeZoneInfo zone)
    {
        if (rooms.Count == 0)
        {
            yield return "No such room; listed are those that somebody created.";
            yield break;
        }

        int width = Math.Max("ROOM".Length, rooms.Max(room => room.Name.Length));
        yield return $"{"ROOM".PadRight(width)}  {"STATE",-9}  {"MEMBERS",9}  {"STARTS",-16}  TITLE";
        foreach (RoomSummary room in rooms)
        {
            string starts = room.StartsAt is { } at ? StatusText.Time(at, zone) : string.Empty;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{room.Name.PadRight(width)}  {RoomNames.Of(room.State),-9}  {room.MembersTotal,9:N0}  {starts,-16}  {room.Title}").TrimEnd();
        }
    }

    private static BroadcastState? ReadState(string? text) => text is null ? null
        : Array.FindIndex(States, state => RoomNames.Of(state) == text) is >= 0 and int index ? States[index]
        : throw new SettingsException([
            $"--state {text}: expected {string.Join(", ", States.Select(RoomNames.Of))}"
            + (text == RoomNames.Of(BroadcastState.Open) ? "; an open room is one that nobody created, and those are not listed" : string.Empty)]);

    private static string ReadSearch(string? text) =>
        System.Text.Encoding.UTF8.GetByteCount(text ?? string.Empty) <= ProtocolLimits.SearchBytesMax
            ? text ?? string.Empty
            : throw new SettingsException([$"--search takes at most {ProtocolLimits.SearchBytesMax} bytes"]);

    private static string ReadName(string text) =>
        RoomName.Check(text) is { } problem ? throw new SettingsException([$"--after: {problem}"]) : text;
}
