using System.Globalization;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.RoomViews;

/// <summary>What states, modes, verbs and restrictions of rooms are called, for people and for programs.</summary>
internal static class RoomNames
{
    /// <summary>The state by its name: <c>open</c>, <c>scheduled</c>, <c>live</c>, <c>ended</c>.</summary>
    public static string Of(BroadcastState state) => state switch
    {
        BroadcastState.Open => "open",
        BroadcastState.Scheduled => "scheduled",
        BroadcastState.Live => "live",
        BroadcastState.Ended => "ended",
        _ => ((int)state).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The mode by its name: <c>whole</c>, <c>edges</c>, <c>groups</c>.</summary>
    public static string Of(SplitMode mode) => mode switch
    {
        SplitMode.Whole => "whole",
        SplitMode.Edges => "edges",
        _ => "groups",
    };

    /// <summary>A restriction by its name: <c>mute</c>, <c>ban</c>, <c>kick</c>.</summary>
    public static string Of(RestrictionKind kind) => kind switch
    {
        RestrictionKind.Mute => "mute",
        RestrictionKind.Ban => "ban",
        RestrictionKind.Kick => "kick",
        _ => ((int)kind).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A verb by its name in the protocol: <c>start</c>, <c>ban_address</c>.</summary>
    public static string Of(ControlVerb verb) => verb.Name();
}
