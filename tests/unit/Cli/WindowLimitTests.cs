using RelayServer.Cli.Chat;
using RelayServer.Cli.Services;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

/// <summary>What a window asks for, shows and remembers has bounds.</summary>
public sealed class WindowLimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_RelayThatAlwaysHasMore_IsNotAskedForEver()
    {
        int asked = 0;
        IReadOnlyList<string> all = await AllPages.ReadAsync<string>(_ => Task.FromResult<(IReadOnlyList<string>, bool)>(([$"{asked++}"], true)));

        Assert.Equal((AllPages.PagesMax, AllPages.PagesMax), (asked, all.Count));
    }

    [Fact]
    public async Task Pages_EmptyOneThatSaysThereIsMore_IsTheLast()
    {
        int asked = 0;
        Assert.Empty(await AllPages.ReadAsync<string>(_ => Task.FromResult<(IReadOnlyList<string>, bool)>(([], ++asked > 0))));

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Help_TopicWithManySubjects_ShowsSoManyAndSaysHowManyMoreThereAre()
    {
        MenuLine topic = new(MenuKind.Topic, "news.headlines", "Headlines", "", MenuFlags.None);
        MenuLine[] subjects = [.. Enumerable.Range(0, ServiceCommands.SubjectsShownMax + 2).Select(number => new MenuLine(MenuKind.Subject, $"s{number}", $"s{number}", "", MenuFlags.None))];
        var menus = new ServiceMenus((_, of, _, _) => Task.FromResult(new MenuPage(of is null ? [topic] : subjects, HasMore: false)));
        List<string> shown = [];
        var commands = new ServiceCommands(
            null!, "room", new ShownCards(), menus, new ServiceNews(new ShownCards(), menus, TimeProvider.System), line => shown.Add(line.Text));

        await commands.HelpAsync("news.headlines", Cancel);

        Assert.Equal(ServiceCommands.SubjectsShownMax, shown.Count(line => line.StartsWith("subject ", StringComparison.Ordinal)));
        Assert.Contains("and 2 more; 'relay service show news.headlines' lists all", shown);
    }

    [Fact]
    public void Cards_MoreThanARoomMayHave_AreShownAndNotRemembered()
    {
        var news = new RoomNews("me", false, () => default, () => false, TimeProvider.System);
        for (int card = 0; card <= RoomNews.CardsMax; card++)
        {
            Assert.NotEmpty(news.Take(RoomEvents.Change(RoomControl.Pin(new RoomProduct($"p{card}", $"Mug {card}", 1290, "EUR", 0, "")))));
        }

        Assert.Contains($"Mug {RoomNews.CardsMax - 1}", Sold(news, RoomNews.CardsMax - 1), StringComparison.Ordinal);
        Assert.DoesNotContain("Mug", Sold(news, RoomNews.CardsMax), StringComparison.Ordinal);
    }

    private static string Sold(RoomNews news, int card) => Assert.Single(news.Take(RoomEvents.Change(RoomControl.Purchase($"p{card}", 1)))).Text;
}
