using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RelayServer.Protocol;
using RelayServer.RoomViews;
using RelayServer.Rooms;

namespace RelayServer.Http.Admin;

/// <summary>Which rooms are asked for: <c>?state=&amp;search=&amp;after=&amp;max=</c>, each at most once; an empty one counts as absent.</summary>
/// <param name="State">Only those in this state; null for all.</param>
/// <param name="Search">Only those with this in the name or title.</param>
/// <param name="After">Only those whose name comes after this one.</param>
/// <param name="Max">At most so many; 0 for as many as an answer may have.</param>
internal sealed record SearchQuery(BroadcastState? State, string Search, string After, int Max)
{
    private static readonly Dictionary<string, BroadcastState> States = Enum.GetValues<BroadcastState>().ToDictionary(RoomNames.Of);
    private static readonly string[] Names = ["state", "search", "after", "max"];

    /// <summary>Reads the query of a request; null, and why, when it is none.</summary>
    public static SearchQuery? Read(IQueryCollection query, out string? problem)
    {
        problem = null;
        if (query.Keys.FirstOrDefault(name => !Names.Contains(name)) is not null || query.Any(one => one.Value.Count > 1))
        {
            problem = "the query has state, search, after and max, each at most once";
        }

        string search = One(query, "search");
        string after = One(query, "after");
        string state = One(query, "state");
        string max = One(query, "max");
        if (Encoding.UTF8.GetByteCount(search) > ProtocolLimits.SearchBytesMax)
        {
            problem ??= $"search has at most {ProtocolLimits.SearchBytesMax} bytes";
        }

        if (after.Length > 0 && !ChannelName.IsValid(after))
        {
            problem ??= "after is the name of a room";
        }

        BroadcastState? wanted = States.TryGetValue(state, out BroadcastState known) ? known : null;
        if (state.Length > 0 && wanted is null)
        {
            problem ??= $"state is one of {string.Join(", ", States.Keys)}";
        }

        int most = 0;
        if (max.Length > 0
            && !(int.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is > 0 and <= ProtocolLimits.RoomsListedMax))
        {
            problem ??= $"max is 1 to {ProtocolLimits.RoomsListedMax}";
        }

        return problem is null ? new SearchQuery(wanted, search, after, most) : null;
    }

    private static string One(IQueryCollection query, string name) => query.TryGetValue(name, out StringValues value) ? value[0] ?? string.Empty : string.Empty;
}
