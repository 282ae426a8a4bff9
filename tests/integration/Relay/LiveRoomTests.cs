using System.Net;
using RelayServer.Client;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Relay;

/// <summary>A live room over two edges, as its members see it.</summary>
public sealed class LiveRoomTests
{
    private const string Room = "stage";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Purchase_RoomSplitOverTwoEdges_ReachesEveryMemberOnce()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using RelayClient anna = await ConnectAsync(relay.A, "member:anna");
        await using RelayClient shop = await ConnectAsync(relay.B, "service:shop");
        await ChangeAsync(anna, RoomControl.Create("Spring sale"), RoomControl.Start());
        await ChangeAsync(shop, RoomControl.Pin(new RoomProduct("mug", "Blue mug", 1290, "EUR", 40, "")));
        RelayClient[] viewers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ConnectAsync(i % 2 == 0 ? relay.A : relay.B, $"user:viewer-{i}")));
        try
        {
            RelaySubscription[] seats = await Task.WhenAll(viewers.Select(viewer => viewer.JoinAsync(Room, JoinFrom.Live, Cancellation())));
            await ChangeAsync(anna, RoomControl.SplitIntoGroups(2));
            await ChangeAsync(shop, RoomControl.Purchase("mug", 2, "zoë"), RoomControl.Notice("sold"));
            RelayRoomChange[][] heard = await Task.WhenAll(seats.Select(ReadToNoticeAsync));
            Assert.All(heard, changes => Assert.Equal([ControlVerb.Purchase, ControlVerb.Notice], changes.Select(change => change.Control.Verb)));
            Assert.All(heard, changes => Assert.Equal(
                ("shop", "mug", 2U, "zoë"), (changes[0].From, changes[0].Control.ProductId, changes[0].Control.Quantity, changes[0].Control.Buyer)));
            Assert.Equal([(1UL, 0U), (1UL, 1U)], heard.Select(changes => (changes[0].Position.Generation, changes[0].Position.Partition)).Distinct().Order());
        }
        finally
        {
            await Task.WhenAll(viewers.Select(viewer => viewer.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task Filters_RepeatedTextAndLink_AreRefusedAtEveryEdge()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using RelayClient anna = await ConnectAsync(relay.A, "member:anna");
        await using RelayClient ben = await ConnectAsync(relay.A, "user:ben");
        await using RelayClient zoe = await ConnectAsync(relay.B, "user:zoe");
        await ChangeAsync(anna, RoomControl.Create("Spring sale"), RoomControl.Start(), RoomControl.Set([new(RoomSetting.UniqueMessages, 1), new(RoomSetting.LinksRefused, 1)]));
        RelaySubscription seat = await ben.JoinAsync(Room, JoinFrom.Live, Cancellation());
        await zoe.JoinAsync(Room, JoinFrom.Live, Cancellation());
        await anna.JoinAsync(Room, JoinFrom.Live, Cancellation());

        await ben.PublishAsync(Room, "who sells these?", Cancellation());
        await RefusedAsync(zoe, "who sells these?");
        await RefusedAsync(zoe, "look at https://shop.example/mug");
        await anna.PublishAsync(Room, "at https://shop.example/mug", Cancellation());
        await zoe.PublishAsync(Room, "thank you", Cancellation());

        List<string> heard = [];
        await foreach (RelayMessage message in seat.ReadMessagesAsync(Cancellation()))
        {
            heard.Add(message.Text);
            if (message.Text == "thank you")
            {
                break;
            }
        }

        Assert.Equal(["who sells these?", "at https://shop.example/mug", "thank you"], heard);
    }

    private static CancellationToken Cancellation() => TestContext.Current.CancellationToken;

    private static async Task<RelayClient> ConnectAsync(IPEndPoint edge, string token)
    {
        var client = new RelayClient(new RelayClientOptions
        {
            Endpoints = [new RelayEndpoint(edge.Address.ToString(), edge.Port)],
            TokenProvider = _ => ValueTask.FromResult(token),
        });
        await client.ConnectAsync(Cancellation());
        return client;
    }

    private static async Task ChangeAsync(RelayClient client, params RoomControl[] controls)
    {
        foreach (RoomControl control in controls)
        {
            await client.ControlAsync(Room, control, Cancellation());
        }
    }

    private static async Task RefusedAsync(RelayClient client, string text)
    {
        RelayException refusal = await Assert.ThrowsAsync<RelayException>(async () => await client.PublishAsync(Room, text, Cancellation()));
        Assert.Equal(ErrorCode.Filtered, refusal.Code);
    }

    private static async Task<RelayRoomChange[]> ReadToNoticeAsync(RelaySubscription seat)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation());
        deadline.CancelAfter(Patience);
        List<RelayRoomChange> changes = [];
        await foreach (RelayEvent next in seat.WithCancellation(deadline.Token))
        {
            if (next is RelayRoomChange change)
            {
                changes.Add(change);
                if (change.Control.Verb == ControlVerb.Notice)
                {
                    break;
                }
            }
        }

        return [.. changes];
    }
}
