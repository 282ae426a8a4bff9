using System.Text.Json;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.RoomViews;

namespace RelayServer.Http.Admin;

/// <summary>What operators are told, as JSON.</summary>
internal static class AdminJson
{
    /// <summary>What was done, and where in the log.</summary>
    public static byte[] Done(string room, Position position) => Write(json =>
    {
        json.WriteString("room", room);
        json.WriteStartObject("position");
        json.WriteNumber("generation", position.Generation);
        json.WriteNumber("partition", position.Partition);
        json.WriteNumber("epoch", position.Epoch);
        json.WriteNumber("seq", position.Seq);
        json.WriteEndObject();
    });

    /// <summary>How a room is: as <c>relay room status --json</c> prints it.</summary>
    public static byte[] Status(RoomStatus room) => Write(json => RoomJson.WriteStatus(json, room));

    /// <summary>Who is in a room.</summary>
    public static byte[] Members(string room, RoomMembers members) => Write(json => RoomJson.WriteMembers(json, room, members));

    /// <summary>Which rooms there are.</summary>
    public static byte[] List(RoomPage page) => Write(json =>
    {
        json.WriteStartArray("rooms");
        foreach (RoomSummary room in page.Rooms)
        {
            json.WriteStartObject();
            RoomJson.WriteSummary(json, room);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("more", page.HasMore);
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, RoomJson.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
