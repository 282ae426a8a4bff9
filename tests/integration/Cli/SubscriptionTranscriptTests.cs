using System.Text.RegularExpressions;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Client;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Support;
using RelayServer.Storage;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>A subscription from its beginning to its end, in two chat windows and with a feed in a file; the README of the adapters shows it.</summary>
public sealed partial class SubscriptionTranscriptTests : IAsyncLifetime
{
    private const string Room = "harbour";

    private readonly ShiftedTime _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly ChatWindows _windows = new(Room);
    private TestRelay? _relay;
    private SubscriptionsServer? _services;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Feed => _folder.File("news.rss.xml");

    public async ValueTask InitializeAsync()
    {
        WriteFeed(("gazette-1", "Council votes for the tall trees", "Politics"));
        _relay = await TestRelay.StartAsync(masterTime: _time);
        var connector = new ServiceConnector(
            () => [new RelayEndpoint(_relay.B.Address.ToString(), _relay.B.Port)], start => $"speaker:{start.Definition.Name}", null);
        var options = new AdaptersOptions
        {
            Storage = new DatabaseOptions { File = _folder.File("adapters.db") },
            Subscriptions =
            [
                new SubscriptionsOptions
                {
                    Name = "news",
                    Title = "Harbour Gazette",
                    Topics = [new TopicOptions { Name = "headlines", Title = "Headlines", Subjects = ["Local", "Politics"] }],
                    Feeds = [new FeedOptions { File = Feed, PollSeconds = 1 }],
                },
            ],
        };
        _services = new SubscriptionsServer(options, connector.ConnectAsync, TimeProvider.System, new CapturedLogs());
        await _services.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _windows.DisposeAsync();
        await _services!.DisposeAsync();
        await _relay!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Subscription_OfARoomForAnHour_IsAsTheReadmeShows()
    {
        ChatRun anna = await _windows.OpenAsync("anna", _relay!.A);
        ChatRun bob = await _windows.OpenAsync("bob", _relay.B);
        await _windows.TypeAsync(anna, "/services", "/news: Harbour Gazette");
        await _windows.TypeAsync(anna, "/subscribe news.headlines local for 1h", "subscribed to news.headlines (local)");
        await ChatWindows.SeenAsync(bob, "subscribed to news.headlines (local)");
        WriteFeed(("gazette-1", "Council votes for the tall trees", "Politics"), ("gazette-2", "Sport without end", "Sport"), ("gazette-3", "New ferry starts on Monday", "Local"));
        await ChatWindows.SeenAsync(anna, "[news] #1 New ferry starts on Monday");
        await ChatWindows.SeenAsync(bob, "[news] #1 New ferry starts on Monday");
        await _windows.TypeAsync(bob, "/news comment #1 at last!", "at last!");
        await ChatWindows.SeenAsync(anna, "at last!");
        _time.Pass(TimeSpan.FromMinutes(55));
        await ChatWindows.SeenAsync(anna, "ends");
        await ChatWindows.SeenAsync(bob, "ends");
        _time.Pass(TimeSpan.FromMinutes(6));
        await ChatWindows.SeenAsync(anna, "has ended");
        await ChatWindows.SeenAsync(bob, "has ended");
        Assert.DoesNotContain("Sport", anna.Error.ToString(), StringComparison.Ordinal);

        string readme = await File.ReadAllTextAsync(ProtocolFolder.PathOf("src/RelayServer.Adapters/README.md"), Cancel);
        Assert.Equal(Block(readme, "anna"), Shown(anna));
        Assert.Equal(Block(readme, "bob"), Shown(bob));
    }

    // What comes before the first command is about the connection, and times are what they are.
    private static string Shown(ChatRun chat)
    {
        string[] lines = [.. chat.Error.ToString()!.Split('\n').Select(line => line.Replace("relay chat: ", "-- ", StringComparison.Ordinal))];
        int first = Array.FindIndex(lines, line => line.Contains("member", StringComparison.Ordinal)) + 1;
        return When().Replace(string.Join('\n', lines[first..]).Trim(), "15:00");
    }

    private static string Block(string readme, string user)
    {
        string fence = $"```{user}\n";
        int start = readme.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        IEnumerable<string> lines = readme[start..readme.IndexOf("\n```", start, StringComparison.Ordinal)].Split('\n');
        return string.Join('\n', lines.Where(line => !line.StartsWith("> ", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"(\d{4}-\d\d-\d\d )?\d\d:\d\d(:\d\d)?")]
    private static partial Regex When();

    private void WriteFeed(params (string Id, string Title, string Category)[] items)
    {
        string all = string.Concat(items.Select(item =>
            $"<item><guid isPermaLink=\"false\">{item.Id}</guid><title>{item.Title}</title><category>{item.Category}</category><link>https://gazette.example/{item.Id}</link></item>"));
        string draft = _folder.File("news.new");
        File.WriteAllText(draft, $"<rss version=\"2.0\"><channel><title>Harbour Gazette</title><link>https://gazette.example/</link><description>News</description>{all}</channel></rss>");
        File.Move(draft, Feed, overwrite: true);
    }
}
