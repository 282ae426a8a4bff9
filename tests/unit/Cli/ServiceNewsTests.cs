using RelayServer.Cli.Chat;
using RelayServer.Cli.Services;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Cli;

/// <summary>What a window shows of services.</summary>
public sealed class ServiceNewsTests
{
    private static readonly ServiceCard Scarf = new()
    {
        Item = "offer-7",
        Title = "Silk scarf",
        Text = "Until midnight.\n \nOr longer.",
        Link = "https://shop.example/scarf-7",
        Fields = [new CardField("Price", "49.00 EUR"), new CardField("Left", "12")],
        Actions =
        [
            new CardAction { Label = "Like", Verb = "like" },
            new CardAction { Label = "Comment", Verb = "comment" },
            new CardAction { Label = "Order one", Verb = "order", Arguments = ["1"] },
            new CardAction { Label = "Gone", Verb = "gone" },
        ],
    };

    private readonly ShownCards _cards = new();
    private readonly ServiceNews _news;

    public ServiceNewsTests() => _news = new ServiceNews(_cards, new ServiceMenus(AskAsync), TimeProvider.System);

    [Fact]
    public async Task Take_Update_IsACardWithANumberAndWhatToType() =>
        Assert.Equal(
            [
                "-- [shop] #1 Silk scarf",
                "   Until midnight.",
                "   Or longer.",
                "   https://shop.example/scarf-7",
                "   Price: 49.00 EUR \u00b7 Left: 12",
                "   /shop like #1 \u00b7 /shop comment #1 TEXT \u00b7 /shop order #1 1 [NOTE] (Order one) \u00b7 /shop gone #1",
            ],
            await LinesAsync(RoomEvents.Update("shop", Scarf)));

    [Fact]
    public async Task Take_UpdateOfAServiceThatNobodyKnows_IsShownWithoutParameters() =>
        Assert.Equal("   /toys comment #1", (await LinesAsync(RoomEvents.Update("toys", new ServiceCard
        {
            Item = "a",
            Title = "A",
            Actions = [new CardAction { Label = "Comment", Verb = "comment" }],
        })))[^1]);

    [Fact]
    public async Task Take_SameItemAgain_KeepsItsNumber()
    {
        await LinesAsync(RoomEvents.Update("shop", Scarf));
        Assert.Equal("-- [shop] #2 Hat", (await LinesAsync(RoomEvents.Update("shop", new ServiceCard { Item = "offer-8", Title = "Hat" })))[0]);
        Assert.Equal("-- [shop] #1 Silk scarf, blue", (await LinesAsync(RoomEvents.Update("shop", Scarf with { Title = "Silk scarf, blue" })))[0]);
        Assert.Equal("-- [news] #3 Hat", (await LinesAsync(RoomEvents.Update("news", new ServiceCard { Item = "offer-8", Title = "Hat" })))[0]);
    }

    [Fact]
    public async Task Take_SameItemWithOtherFacts_IsALineOfThose()
    {
        await LinesAsync(RoomEvents.Update("shop", Scarf));
        ServiceCard liked = Scarf with { Fields = [.. Scarf.Fields, new CardField("likes", "3")] };

        Assert.Equal(["-- [shop] #1 Silk scarf (likes: 3)"], await LinesAsync(RoomEvents.Update("shop", liked)));
        Assert.Equal(["-- [shop] #1 Silk scarf (likes: 4)"], await LinesAsync(RoomEvents.Update("shop", Scarf with { Fields = [.. Scarf.Fields, new CardField("likes", "4")] })));
        Assert.Equal(6, (await LinesAsync(RoomEvents.Update("shop", Scarf))).Length);
    }

    [Fact]
    public async Task Take_SameItemWithOtherFacts_IsNotTheLastCardForThat()
    {
        await LinesAsync(RoomEvents.Update("shop", Scarf));
        await LinesAsync(RoomEvents.Update("shop", new ServiceCard { Item = "offer-8", Title = "Hat" }));

        Assert.Equal(["-- [shop] #1 Silk scarf (likes: 3)"], await LinesAsync(RoomEvents.Update("shop", Scarf with { Fields = [new CardField("likes", "3")] })));
        Assert.Equal("offer-8", _cards.LastOf("shop")!.Card.Item);
    }

    [Fact]
    public async Task Take_CommandDone_TellsWhoAndOfWhat()
    {
        Assert.Equal(["-- anna (shop): nice"], await LinesAsync(RoomEvents.Done("shop", "comment", "anna", "offer-7", "nice")));
        await LinesAsync(RoomEvents.Update("shop", Scarf));
        Assert.Equal(["-- anna (shop, on \"Silk scarf\"): nice", "   and warm"], await LinesAsync(RoomEvents.Done("shop", "comment", "anna", "offer-7", "nice\nand warm")));
        Assert.Equal(["-- anna (shop): \u201cSilk scarf\u201d: nice"], await LinesAsync(RoomEvents.Done("shop", "comment", "anna", "offer-7", "\u201cSilk scarf\u201d: nice")));
        Assert.Equal(["-- anna (shop, on \"Silk scarf\"): like"], await LinesAsync(RoomEvents.Done("shop", "like", "anna", "offer-7", "")));
        Assert.Equal(["-- bob (shop): closed on Sunday"], await LinesAsync(RoomEvents.Done("shop", "hours", "bob", "", "closed on Sunday")));
    }

    [Fact]
    public async Task Take_NoticeOfASubscription_SaysHowItIsRenewed()
    {
        DateTimeOffset now = TimeProvider.System.GetLocalNow();
        var end = new DateTimeOffset(now.Date.AddHours(14).AddMinutes(5), now.Offset);
        Assert.Equal(
            ["-- the subscription to news.headlines ends at 14:05; /renew news.headlines renews it"],
            await LinesAsync(RoomEvents.Notice(SubscriptionEvent.EndsSoon, "news.headlines", end)));
        Assert.Equal(["-- the subscription to news.headlines has ended; /subscribe begins another"], await LinesAsync(RoomEvents.Notice(SubscriptionEvent.Ended, "news.headlines", end)));
    }

    [Theory]
    [InlineData(true, "-- news is back")]
    [InlineData(false, "-- news is away")]
    public async Task Take_ServiceComesOrGoes_SaysSo(bool isAvailable, string expected) =>
        Assert.Equal([expected], await LinesAsync(RoomEvents.ServiceChange("news", isAvailable)));

    [Fact]
    public void Take_EventOfTheRoom_IsNotAboutServices() => Assert.Null(_news.Take(RoomEvents.Message(default, "bob", "hi")));

    [Fact]
    public void Answer_TextAndCard_CardIsBelow() =>
        Assert.Equal(
            ["-- shop: one was found", "   #1 Hat", "   Warm."],
            _news.Answer("shop", "one was found", new ServiceCard { Item = "offer-8", Title = "Hat", Text = "Warm." }).Select(line => line.Signed));

    [Fact]
    public void Answer_CardAlone_IsTheHeading() =>
        Assert.Equal(["-- shop: #1 Hat"], _news.Answer("shop", "", new ServiceCard { Item = "offer-8", Title = "Hat" }).Select(line => line.Signed));

    private async Task<string[]> LinesAsync(RelayEvent next)
    {
        await _news.PrepareAsync(next, TestContext.Current.CancellationToken);
        return [.. _news.Take(next)!.Select(line => line.Signed)];
    }

    private static Task<MenuPage> AskAsync(string? service, string? topic, MenuLine? after, CancellationToken cancellationToken) => service == "shop"
        ? Task.FromResult(new MenuPage(
            [
                new MenuLine(MenuKind.Verb, "comment", "comment #ITEM TEXT\u2026", "Says something of it", MenuFlags.NeedsItem | MenuFlags.AnswersRoom),
                new MenuLine(MenuKind.Verb, "like", "like #ITEM", "Likes it", MenuFlags.NeedsItem),
                new MenuLine(MenuKind.Verb, "order", "order #ITEM PIECES [NOTE\u2026]", "Orders it", MenuFlags.NeedsItem),
            ],
            HasMore: false))
        : Task.FromException<MenuPage>(new RelayException(ErrorCode.UnknownService, "there is no such service"));
}
