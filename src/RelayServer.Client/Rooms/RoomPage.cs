using System.Text;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>A part of a list of rooms, in the order of their names.</summary>
/// <param name="Rooms">The rooms.</param>
/// <param name="HasMore">True when there are more: search again after the last one's name.</param>
public sealed record RoomPage(IReadOnlyList<RoomSummary> Rooms, bool HasMore)
{
    /// <summary>What an ANSWER says; null when it is not one about rooms.</summary>
    public static RoomPage? Decode(ReadOnlySpan<byte> answer)
    {
        if (RoomListBody.TryDecode(answer, out RoomListBody body) != DecodeStatus.Ok)
        {
            return null;
        }

        var rooms = new List<RoomSummary>(body.Rooms.Count);
        foreach (RoomEntry room in body.Rooms)
        {
            rooms.Add(new RoomSummary(
                Encoding.UTF8.GetString(room.Name),
                Encoding.UTF8.GetString(room.Title),
                (BroadcastState)room.State,
                RoomStatus.ReadTime(room.StartsAtMilliseconds),
                room.MembersTotal));
        }

        return new RoomPage(rooms, body.HasMore);
    }
}
