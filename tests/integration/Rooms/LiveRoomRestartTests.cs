using System.Net;
using RelayServer.Client;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Processes;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Rooms;

/// <summary>What a room is set to outlives all masters and edges.</summary>
[Collection(RestartCollection.Name)]
public sealed class LiveRoomRestartTests(RestartableRelays relays)
{
    private const string Room = "lasting";
    private const int Members = 6;

    // Each has an own view of the room: what they are in it.
    private static readonly (string User, TokenRole Token, Role Role)[] Askers =
    [
        ("host", TokenRole.Member, Role.Host),
        ("second", TokenRole.Member, Role.Host),
        ("mod", TokenRole.Member, Role.Moderator),
        ("quiet", TokenRole.Member, Role.Viewer),
        ("guest", TokenRole.Member, Role.Member),
        ("shop", TokenRole.Service, Role.Service),
        ("root", TokenRole.Operator, Role.Operator),
    ];

    private static readonly RoomControl[] Changes =
    [
        RoomControl.Create("Spring sale", "Everything\nmust go", 1_767_225_600_000),
        RoomControl.Set(
            new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 2000),
            new RoomSettingValue(RoomSetting.TextCharactersMax, 140),
            new RoomSettingValue(RoomSetting.DeliveryCapPerSecond, 30),
            new RoomSettingValue(RoomSetting.UniqueMessages, 1),
            new RoomSettingValue(RoomSetting.LinksRefused, 1),
            new RoomSettingValue(RoomSetting.RetentionMessages, 5000),
            new RoomSettingValue(RoomSetting.NoticesMembersMax, 0),
            new RoomSettingValue(RoomSetting.Title, 0, "Spring sale, second day")),
        RoomControl.Start(),
        RoomControl.Notice("Free delivery today"),
        RoomControl.Pin(new RoomProduct("scarf", "Silk scarf", 4900, "EUR", 12, "https://shop.example/scarf")),
        RoomControl.Pin(new RoomProduct("mug", "Blue mug", 1290, "EUR", 40, "")),
        RoomControl.Pin(new RoomProduct("scarf", "Silk scarf", 4400, "EUR", 11, "https://shop.example/scarf")),
        RoomControl.Appoint("second", Role.Host),
        RoomControl.Appoint("mod", Role.Moderator),
        RoomControl.Appoint("quiet", Role.Viewer),
        RoomControl.Mute("loud", 3600, "too loud"),
    ];

    [Theory]
    [InlineData(RestartableRelays.Redis)]
    [InlineData(RestartableRelays.Embedded)]
    public async Task Restart_OfASplitRoomWithEverythingSet_ItIsAsItWas(string store)
    {
        IRestartableRelay relay = await relays.OnAsync(store);
        RoomGuest[] askers = await Task.WhenAll(Askers.Select((asker, index) => RoomGuest.ConnectAsync(relay, index % 2, asker.User, asker.Token)));
        RoomGuest[] members = await Task.WhenAll(Enumerable.Range(0, Members).Select(index => RoomGuest.ConnectAsync(relay, index % 2, $"member-{index}")));
        try
        {
            foreach (RoomControl change in Changes)
            {
                await askers[0].ControlAsync(Room, change);
            }

            await askers[^1].ControlAsync(Room, RoomControl.BanAddress("127.0.7.0/24", 3600));
            await Task.WhenAll(members.Select(member => member.JoinAsync(Room)));
            await askers[2].ControlAsync(Room, RoomControl.SplitIntoGroups(3));
            string[] before = await AskAsync(askers);
            Assert.Equal(Askers.Select(asker => asker.Role), await Task.WhenAll(askers.Select(RoleOfAsync)));
            Position[] positions = [.. (await Task.WhenAll(members.Select(member => member.HearAsync<RelayMoved>(_ => true)))).Select(moved => moved.To)];

            await relay.RestartAsync();

            Assert.Equal(before, await AskAsync(askers));
            await ListedAsync(askers[0]);
            await MutedAsync(relay);
            await FencedAsync(relay);
            Assert.Equal(positions.Select(position => position.Partition), members.Select(member => member.Position.Partition));
            await CheckGoesOnAsync(askers[1], members);
        }
        finally
        {
            await Task.WhenAll(askers.Concat(members).Select(guest => guest.DisposeAsync().AsTask()));
        }
    }

    // All that a status says but how many there are, which is told by those who have come back.
    private static Task<string[]> AskAsync(RoomGuest[] askers) => Task.WhenAll(askers.Select(async asker =>
    {
        RoomStatus status = await asker.Client.QueryStatusAsync(Room, TestContext.Current.CancellationToken);
        Assert.Equal((2, 3), (status.Products.Count, status.Partitioning.Count));
        IEnumerable<string> settings = status.Settings.Select(setting => setting.ToString());
        IEnumerable<string> products = status.Products.Select(product => product.ToString());
        IEnumerable<uint> map = Enumerable.Range(0, 100).Select(user => status.Partitioning.PartitionOf([(byte)user], ""));
        return string.Join(
            '\n',
            [
                status.Channel, status.State.ToString(), status.Title, status.Description, status.Owner, $"{status.StartsAt:O}", status.Role.ToString(), status.Notice,
                $"{status.IsSplitAutomatically} {status.Partitioning.Generation} {status.Partitioning.Mode}", .. settings, .. products, string.Join(' ', map),
            ]);
    }));

    private static async Task<Role> RoleOfAsync(RoomGuest asker) =>
        (await asker.Client.QueryStatusAsync(Room, TestContext.Current.CancellationToken)).Role;

    // The list is of what the masters have read so far.
    private static Task ListedAsync(RoomGuest asker) => Eventually.TrueAsync(
        async () =>
        {
            var search = new RoomSearch { Text = "second day", State = BroadcastState.Live };
            RoomPage page = await asker.Client.QueryRoomsAsync(search, TestContext.Current.CancellationToken);
            return page.Rooms.SingleOrDefault() is { Name: Room, Title: "Spring sale, second day" };
        },
        TimeSpan.FromSeconds(20),
        () => "not listed");

    private static async Task MutedAsync(IRestartableRelay relay)
    {
        await using RoomGuest loud = await RoomGuest.JoinAsync(relay, 1, "loud", Room);
        RelayException refused = await Assert.ThrowsAsync<RelayException>(() => loud.PublishAsync(Room, "again"));
        Assert.Equal(ErrorCode.Muted, refused.Code);
    }

    private static async Task FencedAsync(IRestartableRelay relay)
    {
        await using WireClient outsider = await WireClient.ConnectAsync(relay.Edge(1), IPAddress.Parse("127.0.7.9"));
        await outsider.SendHelloAsync();
        await outsider.SendAuthAsync(relay.Token("outsider", TokenRole.Member));
        await outsider.ReceiveAsync(FrameType.Welcome);
        await outsider.SendJoinAsync(Room);
        Assert.Equal(ErrorCode.Banned, (await outsider.ReceiveErrorAsync()).Code);
    }

    // Who stayed is in its room again, and is told what happens there.
    private static async Task CheckGoesOnAsync(RoomGuest host, RoomGuest[] members)
    {
        await host.ControlAsync(Room, RoomControl.Merge());
        await Task.WhenAll(members.Select(member => member.HearAsync<RelaySplit>(split => split.Notice.To is { Generation: 2, Mode: SplitMode.Whole })));
        Assert.All(members, member => Assert.Empty(member.Events.OfType<RelayGap>()));
    }
}
