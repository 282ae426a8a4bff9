using System.Text;
using RelayServer.Client;
using RelayServer.Http.Admin;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Host;

/// <summary>Rooms as JSON.</summary>
public sealed class AdminJsonTests
{
    private static readonly RoomStatus Sale = new()
    {
        Channel = "sale",
        State = BroadcastState.Live,
        Title = "Käse & <Brot>",
        Description = "two\nlines",
        Owner = "anna",
        StartsAt = DateTimeOffset.FromUnixTimeMilliseconds(1767225600000),
        Role = Role.Operator,
        MembersTotal = 12,
        Partitioning = Partitioning.ByEdges(3, ["edge-1", "edge-2"]),
        Sizes = [7, 5],
        Settings = [new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 2000), new RoomSettingValue((RoomSetting)99, 1)],
        Notice = "",
        Products = [new RoomProduct("1", "Tea", 499, "EUR", uint.MaxValue, ""), new RoomProduct("2", "Pot", 1999, "EUR", 3, "https://shop.example/2")],
        IsSplitAutomatically = true,
    };

    [Fact]
    public void Status_EverythingThereIs_IsWritten() => Assert.Equal(
        """
        {"room":"sale","state":"live","title":"Käse & <Brot>","description":"two\nlines","owner":"anna","starts_at":"2026-01-01T00:00:00+00:00","role":"operator","members":12,"generation":3,"mode":"edges","partitions":[{"partition":0,"edge":"edge-1","members":7},{"partition":1,"edge":"edge-2","members":5}],"automatic":true,"settings":{"slow_mode_ms":2000,"99":1},"notice":"","products":[{"id":"1","title":"Tea","price_minor":499,"currency":"EUR","stock":null,"link":""},{"id":"2","title":"Pot","price_minor":1999,"currency":"EUR","stock":3,"link":"https://shop.example/2"}]}
        """,
        Encoding.UTF8.GetString(AdminJson.Status(Sale)));

    [Fact]
    public void Status_RoomThatNobodyCreated_IsWritten() => Assert.Contains(
        """
        "starts_at":null,"role":"operator","members":0,"generation":0,"mode":"whole","partitions":[{"partition":0}],
        """.Trim(),
        Encoding.UTF8.GetString(AdminJson.Status(Sale with { StartsAt = null, MembersTotal = 0, Partitioning = Partitioning.Whole(0), Sizes = [] })),
        StringComparison.Ordinal);

    [Fact]
    public void List_Rooms_IsWritten() => Assert.Equal(
        """
        {"rooms":[{"room":"sale","state":"ended","title":"T","starts_at":null,"members":3}],"more":true}
        """,
        Encoding.UTF8.GetString(AdminJson.List(new RoomPage([new RoomSummary("sale", "T", BroadcastState.Ended, null, 3)], HasMore: true))));

    [Fact]
    public void Members_Names_AreWritten() => Assert.Equal(
        """
        {"room":"sale","members":2,"users":["anna","jörg \"j\""]}
        """,
        Encoding.UTF8.GetString(AdminJson.Members("sale", new RoomMembers(2, ["anna", "jörg \"j\""]))));
}
