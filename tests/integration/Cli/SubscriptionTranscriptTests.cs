using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Client;
using RelayServer.Hosting;
using RelayServer.IntegrationTests.Support;
using RelayServer.Storage;

namespace RelayServer.IntegrationTests.Cli;

/// <summary>A subscription from its beginning to its end, in two chat windows and with a feed in a file; the README of the adapters shows it.</summary>
public sealed partial class SubscriptionTranscriptTests : IAsyncLifetime
{
    private const string Room = "harbour";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ShiftedTime _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<(Pipe Keys, Task<int> Running, ChatRun Chat)> _chats = [];
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
        foreach ((Pipe keys, Task<int> running, ChatRun chat) in _chats)
        {
            await keys.Writer.CompleteAsync();
            await running.WaitAsync(Patience, CancellationToken.None);
            await chat.Output.DisposeAsync();
            await chat.Error.DisposeAsync();
        }

        await _services!.DisposeAsync();
        await _relay!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Subscription_OfARoomForAnHour_IsAsTheReadmeShows()
    {
        ChatRun anna = await OpenAsync("anna", _relay!.A);
        ChatRun bob = await OpenAsync("bob", _relay.B);
        await TypeAsync(anna, "/services", "/news: Harbour Gazette");
        await TypeAsync(anna, "/subscribe news.headlines local for 1h", "subscribed to news.headlines (local)");
        await SeenAsync(bob, "subscribed to news.headlines (local)");
        WriteFeed(("gazette-1", "Council votes for the tall trees", "Politics"), ("gazette-2", "Sport without end", "Sport"), ("gazette-3", "New ferry starts on Monday", "Local"));
        await SeenAsync(anna, "[news] #1 New ferry starts on Monday");
        await SeenAsync(bob, "[news] #1 New ferry starts on Monday");
        await TypeAsync(bob, "/news comment #1 at last!", "at last!");
        await SeenAsync(anna, "at last!");
        _time.Pass(TimeSpan.FromMinutes(55));
        await SeenAsync(anna, "ends");
        await SeenAsync(bob, "ends");
        _time.Pass(TimeSpan.FromMinutes(6));
        await SeenAsync(anna, "has ended");
        await SeenAsync(bob, "has ended");
        Assert.DoesNotContain("Sport", anna.Error.ToString(), StringComparison.Ordinal);

        string readme = await File.ReadAllTextAsync(ReadmePath(), Cancel);
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

    private static string ReadmePath()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "RelayServer.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("the tests run outside of the source tree");
        }

        return Path.Combine(root, "src", "RelayServer.Adapters", "README.md");
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

    private async Task<ChatRun> OpenAsync(string user, IPEndPoint edge)
    {
        var keys = new Pipe();
        var chat = new ChatRun("user:" + user);
        Task<int> running = chat.StartAsync(keys.Reader.AsStream(), chat.Output, [Room, "--commands", "--edge", edge.ToString()]);
        _chats.Add((keys, running, chat));
        await SeenAsync(chat, "connected to");
        await TypeAsync(chat, "/members", "member");
        return chat;
    }

    private async Task TypeAsync(ChatRun chat, string line, string expected)
    {
        await _chats.Single(one => one.Chat == chat).Keys.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), Cancel);
        await SeenAsync(chat, expected);
    }

    private static async Task SeenAsync(ChatRun chat, string text)
    {
        try
        {
            await chat.Error.WaitForAsync(text).WaitAsync(Patience, Cancel);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"'{text}' is not in:\n{chat.Error}");
        }
    }
}
