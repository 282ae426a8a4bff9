using System.Globalization;
using System.Text;
using System.Text.Json;
using RelayServer.Cli.Rooms;
using RelayServer.Client;
using RelayServer.Rooms;
using RelayServer.RoomViews;

namespace RelayServer.UnitTests.Cli;

public sealed class StatusTextTests
{
    private static readonly DateTimeOffset Starts = DateTimeOffset.Parse("2026-05-01T18:00:00Z", CultureInfo.InvariantCulture);

    private static RoomStatus Full => RoomEvents.Status(RoomEvents.Groups(4, 3), 120, 90, 15) with
    {
        State = BroadcastState.Live,
        Title = "Spring sale",
        Description = "Everything\nmust go",
        Owner = "anna",
        StartsAt = Starts,
        Role = Role.Operator,
        Settings = [new(RoomSetting.SlowModeMilliseconds, 2000), new(RoomSetting.ListMembersMax, 100), new(RoomSetting.Title, 0, "Spring sale")],
        Notice = "Free shipping",
        Products = [new("mug", "Blue mug", 1290, "EUR", 40, "https://shop.example/mug"), new("bowl", "Bowl", 500, "EUR", uint.MaxValue, "")],
        IsSplitAutomatically = true,
    };

    [Fact]
    public void Lines_FullStatus_IsATable() => Assert.Equal(
        """
        sale: live
          title       Spring sale
          about       Everything
                      must go
          owner       anna
          your role   operator
          members     225
          division    split into 3 groups (generation 4); splits and merges by itself
            group 1   ████████████████████████     120
            group 2   ██████████████████            90
            group 3   ███                           15
          settings    slow_mode_ms=2s
          notice      Free shipping
          products    Blue mug, 12.90 EUR, 40 left [mug] https://shop.example/mug
                      Bowl, 5.00 EUR [bowl]
        """,
        string.Join('\n', StatusText.Lines(Full, TimeZoneInfo.Utc)));

    [Fact]
    public void Lines_PlainRoom_HasNothingThatIsNotThere() => Assert.Equal(
        """
        sale: open (nobody has created it)
          your role   member
          members     3
          division    together
        """,
        string.Join('\n', StatusText.Lines(RoomEvents.Status(null, 3), TimeZoneInfo.Utc)));

    [Fact]
    public void Lines_Scheduled_SaysWhen() => Assert.Equal(
        "sale: scheduled, begins 2026-05-01 18:00",
        StatusText.Lines(RoomEvents.Status() with { State = BroadcastState.Scheduled, StartsAt = Starts }, TimeZoneInfo.Utc).First());

    [Fact]
    public void Lines_Edges_AreNamed() => Assert.Contains(
        "    edge-lyon  ████████████████████████       7",
        StatusText.Lines(RoomEvents.Status(Partitioning.ByEdges(1, ["edge-lyon", "b"]), 7, 0), TimeZoneInfo.Utc));

    [Theory]
    [InlineData(0, 10, "")]
    [InlineData(10, 10, "████")]
    [InlineData(5, 10, "██")]
    [InlineData(1, 32, "▏")]
    [InlineData(9, 32, "█▏")]
    [InlineData(0, 0, "")]
    public void Bar_Value_IsInEighths(ulong value, ulong maximum, string expected) => Assert.Equal(expected, StatusText.Bar(value, maximum, 4));

    [Fact]
    public void WriteStatus_FullStatus_HasEverything()
    {
        using JsonDocument document = Json(json => RoomJson.WriteStatus(json, Full));
        JsonElement root = document.RootElement;
        Assert.Equal("sale", root.GetProperty("room").GetString());
        Assert.Equal("live", root.GetProperty("state").GetString());
        Assert.Equal("operator", root.GetProperty("role").GetString());
        Assert.Equal(225, root.GetProperty("members").GetInt32());
        Assert.Equal(4, root.GetProperty("generation").GetInt32());
        Assert.Equal("groups", root.GetProperty("mode").GetString());
        Assert.Equal([120, 90, 15], root.GetProperty("partitions").EnumerateArray().Select(part => part.GetProperty("members").GetInt32()));
        Assert.Equal(2000, root.GetProperty("settings").GetProperty("slow_mode_ms").GetInt32());
        Assert.Equal(1290, root.GetProperty("products")[0].GetProperty("price_minor").GetInt32());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("products")[1].GetProperty("stock").ValueKind);
        Assert.True(root.GetProperty("automatic").GetBoolean());
        Assert.Equal(Starts, root.GetProperty("starts_at").GetDateTimeOffset());
    }

    [Fact]
    public void Table_Rooms_AreInColumns()
    {
        RoomSummary[] rooms = [new("sale", "Spring sale", BroadcastState.Scheduled, Starts, 1200), new("lobby-of-all", "", BroadcastState.Open, null, 3)];
        Assert.Equal(
            """
            ROOM          STATE        MEMBERS  STARTS            TITLE
            sale          scheduled      1,200  2026-05-01 18:00  Spring sale
            lobby-of-all  open               3
            """,
            string.Join('\n', RoomQueryCommands.Table(rooms, TimeZoneInfo.Utc)));
        Assert.Equal(["No such room; listed are those that somebody created."], RoomQueryCommands.Table([], TimeZoneInfo.Utc));
    }

    private static JsonDocument Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, RoomJson.Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
