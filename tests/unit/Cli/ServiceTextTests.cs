using RelayServer.Cli.Services;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Cli;

/// <summary>Words about services: commands as they are typed, menus, refusals; and what a window remembers.</summary>
public sealed class ServiceTextTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("one", "one")]
    [InlineData("", "\"\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("\"so\"", "\"\\\"so\\\"\"")]
    [InlineData("a \\ b", "\"a \\\\ b\"")]
    public void Quote_Argument_IsReadAsItWas(string argument, string expected) => Assert.Equal(expected, CommandText.Quote(argument));

    [Fact]
    public void Of_ButtonThatSubscribes_IsAboutTheTopicAndNoItem() => Assert.Equal(
        "/news subscribe headlines sport",
        CommandText.Of("news", new CardAction { Label = "Subscribe", Verb = "subscribe", Arguments = ["headlines", "sport"] }, 3, usage: null));

    [Fact]
    public void Of_MenuLines_SayWhatTheyAre()
    {
        Assert.Equal(
            "/news: Harbour Gazette. News and weather. (let in) (away)",
            ServiceSentences.Of(new MenuLine(MenuKind.Service, "news", "Harbour Gazette", "News and\nweather.", MenuFlags.Chosen), ""));
        Assert.Equal(
            "/news comment #ITEM TEXT\u2026: Says something (everybody sees it)",
            ServiceSentences.Of(new MenuLine(MenuKind.Verb, "comment", "comment #ITEM TEXT\u2026", "Says something", MenuFlags.AnswersRoom), "news"));
        Assert.Equal(
            "topic news.headlines: Headlines (any subject) (subscribed)",
            ServiceSentences.Of(new MenuLine(MenuKind.Topic, "news.headlines", "Headlines", "", MenuFlags.Open | MenuFlags.Chosen), "news"));
        Assert.Equal("sport: Sport", ServiceSentences.Of(new MenuLine(MenuKind.Subject, "sport", "Sport", "", MenuFlags.None), "news"));
    }

    [Fact]
    public void Of_Subscription_SaysUntilWhenAndByWhom()
    {
        Assert.Equal("news.headlines (all subjects) for good, by anna", ServiceSentences.Of(new TopicSubscription("news.headlines", [], null, Noon, "anna"), Noon));
        Assert.Equal(
            "news.headlines (sport, local) until 2026-05-08 12:00, by anna",
            ServiceSentences.Of(new TopicSubscription("news.headlines", ["sport", "local"], Noon.AddDays(7), Noon, "anna"), Noon));
    }

    [Fact]
    public void Refusal_ConnectionLost_SaysThatItMayBeDone() =>
        Assert.Equal("the connection failed; it may or may not have been done", ServiceSentences.Refusal(new RelayException("the connection failed"), "news"));

    [Fact]
    public void Refusal_OfAService_IsItsTextAlone()
    {
        var refusal = RelayException.Refused(ErrorCode.CommandRefused, "there is no such place");
        Assert.Equal($"there is no such place ({(int)ErrorCode.CommandRefused} CommandRefused)", refusal.Message);
        Assert.Equal("there is no such place", ServiceSentences.Refusal(refusal, "news"));
    }

    [Fact]
    public void Cards_MoreThanAreKept_ForgetsTheOldest()
    {
        const int kept = ShownCards.CardsMax;
        var cards = new ShownCards();
        cards.Note("first", Card(0));
        for (int i = 1; i <= kept; i++)
        {
            cards.Note("news", Card(i));
        }

        Assert.Null(cards.Find(1));
        Assert.Null(cards.LastOf("first"));
        Assert.Null(cards.Find("first", "item-0"));
        Assert.Equal("item-1", cards.Find(2)?.Card.Item);
        Assert.Equal((kept + 1, $"item-{kept}"), (cards.Last, cards.LastOf("news")?.Card.Item));
    }

    [Fact]
    public async Task Menus_SeveralPages_AreReadToTheEndAndRemembered()
    {
        int asked = 0;
        var menus = new ServiceMenus((service, topic, after, stop) =>
        {
            int first = after is null ? 0 : int.Parse(after.Name[1..], System.Globalization.CultureInfo.InvariantCulture) + 1;
            asked++;
            return Task.FromResult(new MenuPage([Verb(first), Verb(first + 1)], HasMore: first < 4));
        });
        Assert.Equal(["v0", "v1", "v2", "v3", "v4", "v5"], (await menus.ReadAsync("news", null, TestContext.Current.CancellationToken)).Select(line => line.Name));
        Assert.Equal("v5", (await menus.FindVerbAsync("news", "v5", TestContext.Current.CancellationToken))?.Name);
        Assert.Equal(3, asked);
        Assert.Null(await menus.FindVerbAsync("news", "v6", TestContext.Current.CancellationToken));
        Assert.Equal(6, asked);
    }

    private static MenuLine Verb(int number) => new(MenuKind.Verb, $"v{number}", $"v{number}", "", MenuFlags.None);

    private static ServiceCard Card(int number) => new() { Item = $"item-{number}", Title = "Title" };
}
