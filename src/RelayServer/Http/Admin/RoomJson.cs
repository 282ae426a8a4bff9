using System.Text.Encodings.Web;
using System.Text.Json;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Http.Admin;

/// <summary>Rooms as JSON, one form wherever they are told.</summary>
internal static class RoomJson
{
    /// <summary>Letters of all languages as they are; it is never part of a page.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] States = ["open", "scheduled", "live", "ended"];
    private static readonly string[] Modes = ["whole", "edges", "groups"];

    /// <summary>The state of that name; false when there is none such.</summary>
    public static bool TryParseState(string name, out BroadcastState? state)
    {
        int index = Array.IndexOf(States, name);
        state = index < 0 ? null : (BroadcastState)index;
        return index >= 0;
    }

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

    /// <summary>How a room is.</summary>
    public static byte[] Status(RoomStatus room) => Write(json =>
    {
        json.WriteString("room", room.Channel);
        WriteState(json, room.State);
        json.WriteString("title", room.Title);
        json.WriteString("description", room.Description);
        json.WriteString("owner", room.Owner);
        WriteTime(json, room.StartsAt);
        json.WriteString("role", RoleNames.Of(room.Role));
        json.WriteNumber("members", room.MembersTotal);
        WriteDivision(json, room);
        json.WriteBoolean("automatic", room.IsSplitAutomatically);
        WriteSettings(json, room.Settings);
        json.WriteString("notice", room.Notice);
        WriteProducts(json, room.Products);
    });

    /// <summary>Who is in a room.</summary>
    public static byte[] Members(string room, RoomMembers members) => Write(json =>
    {
        json.WriteString("room", room);
        json.WriteNumber("members", members.Total);
        json.WriteStartArray("users");
        foreach (string user in members.Users)
        {
            json.WriteStringValue(user);
        }

        json.WriteEndArray();
    });

    /// <summary>Which rooms there are.</summary>
    public static byte[] List(RoomPage page) => Write(json =>
    {
        json.WriteStartArray("rooms");
        foreach (RoomSummary room in page.Rooms)
        {
            json.WriteStartObject();
            json.WriteString("room", room.Name);
            WriteState(json, room.State);
            json.WriteString("title", room.Title);
            WriteTime(json, room.StartsAt);
            json.WriteNumber("members", room.MembersTotal);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("more", page.HasMore);
    });

    private static void WriteState(Utf8JsonWriter json, BroadcastState state) => json.WriteString("state", NameOf(States, (int)state));

    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset? startsAt)
    {
        if (startsAt is { } time)
        {
            json.WriteString("starts_at", time);
        }
        else
        {
            json.WriteNull("starts_at");
        }
    }

    private static void WriteDivision(Utf8JsonWriter json, RoomStatus room)
    {
        json.WriteNumber("generation", room.Partitioning.Generation);
        json.WriteString("mode", NameOf(Modes, (int)room.Partitioning.Mode));
        json.WriteStartArray("partitions");
        for (int partition = 0; partition < room.Partitioning.Count; partition++)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition);
            if (room.Partitioning.Mode == SplitMode.Edges)
            {
                json.WriteString("edge", room.Partitioning.Edges[partition]);
            }

            if (partition < room.Sizes.Count)
            {
                json.WriteNumber("members", room.Sizes[partition]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSettings(Utf8JsonWriter json, IReadOnlyList<RoomSettingValue> settings)
    {
        json.WriteStartObject("settings");
        foreach (RoomSettingValue value in settings)
        {
            // One of a later version has no name here.
            if (RoomSettings.Find(value.Setting) is { IsText: false } rule)
            {
                json.WriteNumber(rule.Name, value.Number);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteProducts(Utf8JsonWriter json, IReadOnlyList<RoomProduct> products)
    {
        json.WriteStartArray("products");
        foreach (RoomProduct product in products)
        {
            json.WriteStartObject();
            json.WriteString("id", product.Id);
            json.WriteString("title", product.Title);
            json.WriteNumber("price_minor", product.PriceMinor);
            json.WriteString("currency", product.Currency);
            if (product.Stock == uint.MaxValue)
            {
                json.WriteNull("stock");
            }
            else
            {
                json.WriteNumber("stock", product.Stock);
            }

            json.WriteString("link", product.Link);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string NameOf(string[] names, int number) =>
        number < names.Length ? names[number] : number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
