using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>One room of a list.</summary>
/// <param name="Name">The channel.</param>
/// <param name="Title">For people; may be empty.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="StartsAt">When it is to begin; null when that was not said.</param>
/// <param name="MembersTotal">How many members it has.</param>
public sealed record RoomSummary(string Name, string Title, BroadcastState State, DateTimeOffset? StartsAt, uint MembersTotal);
