using System.Globalization;
using System.Text;
using System.Text.Json;
using RelayServer.Cli;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.IntegrationTests.Processes;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary><c>relay adapter subscriptions</c> as a process of its own, beside a relay in another one.</summary>
public sealed class AdapterProcessTests(PostgresServer postgres) : IAsyncLifetime
{
    private const int Flood = 60;
    private const string Audience = "relay";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private RelayProcess _relay = null!;
    private TrustedKey _key = null!;
    private string _edge = string.Empty;
    private string _http = string.Empty;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string RelayData => _folder.File("relay");

    private string AdapterData => _folder.File("adapter");

    private string Feed => _folder.File("feed.xml");

    private string Config => _folder.File("adapter.json");

    public async ValueTask InitializeAsync()
    {
        // Its tokens outlive the relay, which else has another key at each start.
        Assert.Equal(ExitCode.Done, await RelayCommandLine.RunAsync(["key", "create", _folder.File("key")], new StringWriter(), new StringWriter(), Cancel));
        _key = new TrustedKey("relay", LocalToken.ReadKeyFile(_folder.File("key"), null));
        await StartRelayAsync("127.0.0.1:0");
        WriteSettings("adapter");
        WriteFeed("first");
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Adapter_KilledWhileItSends_SendsTheRestOnceWhenItIsBack()
    {
        await using RelayClient alice = await ConnectAsync("alice");
        await using RelaySubscription square = await OpenSquareAsync(alice);
        List<string> heard = [];
        await using (RelayProcess adapter = await StartAsync())
        {
            await Eventually.TrueAsync(
                async () => (await alice.QueryMenuAsync(cancellationToken: Cancel)).Lines.Any(line => line.Name == "news"), Patience, () => adapter.Printed);
            await alice.SubscribeAsync("square", "news.updates", cancellationToken: Cancel);
            WriteFeed([.. Titles("a")]);
            heard.Add((await square.NextAsync<RelayUpdate>()).Card.Title);
            await adapter.KillAsync();
        }

        // While it is away there is something new in the feed, and something is handed in.
        WriteFeed([.. Titles("a"), .. Titles("b")]);
        (int code, string error) = await PublishAsync("--title", "by hand", "--wait", "1");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("is kept, but was not sent", error, StringComparison.Ordinal);

        await using RelayProcess again = await StartAsync();
        while (heard.Count < (2 * Flood) + 1)
        {
            heard.Add((await square.NextAsync<RelayUpdate>()).Card.Title);
        }

        // Another one comes behind all others, so that what would be twice is before it.
        Assert.Equal(ExitCode.Done, (await PublishAsync("--title", "the last")).Code);
        ServiceCard last = (await square.NextAsync<RelayUpdate>()).Card;
        Assert.Equal("the last", last.Title);
        Assert.Equal([.. Titles("a"), "by hand", .. Titles("b")], heard);

        await alice.CommandAsync(new CommandRequest { Service = "news", Verb = "like", Item = last.Item, Room = "square" }, Cancel);
        Assert.Equal(new CardField("likes", "1"), (await square.NextAsync<RelayUpdate>()).Card.Fields[^1]);
    }

    [Fact]
    [Trait("Must", "R-CMD-8")]
    public async Task Command_TheProcessThatHasItIsKilled_AnotherAnswersIt()
    {
        const int Commands = 8;
        await using RelayClient alice = await ConnectAsync("alice");
        await using RelayProcess killed = await StartAsync();
        await using RelayProcess other = await StartAsync(WriteSettings("other"));

        // Each has half of them and answers none; then one is there no more.
        await killed.PauseAsync();
        await other.PauseAsync();
        Task<RelayCommandResult>[] asking = [.. Enumerable.Range(0, Commands).Select(_ => alice.CommandAsync("news", "latest", cancellationToken: Cancel))];
        await Eventually.TrueAsync(async () => await MetricAsync("relay_edge_calls_total") == Commands, Patience, () => _relay.Printed);
        await killed.KillAsync();
        await other.ResumeAsync();

        foreach (RelayCommandResult result in await Task.WhenAll(asking))
        {
            Assert.Equal("latest", result.Verb);
        }

        Assert.Equal(Commands / 2, await MetricAsync("relay_master_calls_repeated_total"));
    }

    [Fact]
    [Trait("Must", "R-CMD-11")]
    [Trait("Must", "R-CMD-12")]
    public async Task Command_TheProcessThatHasItSleepsBeyondItsDeadline_ItsAnswerComesTooLateAndTheServiceWorksOn()
    {
        await using RelayClient alice = await ConnectAsync("alice");
        await using RelaySubscription square = await OpenSquareAsync(alice);
        await using RelayProcess adapter = await StartAsync();
        await alice.SubscribeAsync("square", "news.updates", cancellationToken: Cancel);
        WriteFeed("first", "second");
        string item = (await square.NextAsync<RelayUpdate>()).Card.Item;
        Task<RelayCommandResult> CommentAsync(string text) => alice.CommandAsync(
            new CommandRequest { Service = "news", Verb = "comment", Item = item, Room = "square", Arguments = [text] }, Cancel);

        await adapter.PauseAsync();
        RelayException late = await Assert.ThrowsAsync<RelayException>(() => CommentAsync("too late"));
        Assert.Equal(ErrorCode.ServiceTimeout, late.Code);
        await adapter.ResumeAsync();

        // It does then what it was told, and says so to nobody: what the room hears next is of the next command.
        await Eventually.TrueAsync(
            async () => (await alice.CommandAsync(new CommandRequest { Service = "news", Verb = "comments", Item = item }, Cancel)).Text.Contains("too late", StringComparison.Ordinal),
            Patience,
            () => adapter.Printed);
        await CommentAsync("in time");
        Assert.EndsWith(": in time", (await square.NextAsync<RelayCommandDone>()).Text, StringComparison.Ordinal);
        Assert.Equal(1, await MetricAsync("relay_master_commands_timed_out_total"));
    }

    [Fact]
    public async Task Store_OfTwoProcessesOnPostgres_EachItemIsSentOnceAlsoWhenTheOneThatSendsIsKilled()
    {
        string store = await postgres.CreateDatabaseAsync();
        string[] configs = [WriteSettings("one", store), WriteSettings("two", store)];
        await using RelayClient alice = await ConnectAsync("alice");
        await using RelaySubscription square = await OpenSquareAsync(alice);
        List<string> heard = [];
        await using RelayProcess killed = await StartAsync(configs[0]);
        await alice.SubscribeAsync("square", "news.updates", cancellationToken: Cancel);
        WriteFeed([.. Titles("a")]);
        heard.Add((await square.NextAsync<RelayUpdate>()).Card.Title);
        await using RelayProcess other = await StartAsync(configs[1]);
        await killed.KillAsync();

        // The other one has to wait until what it held is free again.
        WriteFeed([.. Titles("a"), .. Titles("b")]);
        while (heard.Count < 2 * Flood)
        {
            heard.Add((await square.NextAsync<RelayUpdate>()).Card.Title);
        }

        Assert.Equal(ExitCode.Done, (await PublishAsync("--title", "the last", "--wait", "60", "--config", configs[1])).Code);
        ServiceCard last = (await square.NextAsync<RelayUpdate>()).Card;
        Assert.Equal([.. Titles("a"), .. Titles("b"), "the last"], [.. heard, last.Title]);
        Assert.Equal(last.Item, (await alice.CommandAsync("news", "latest", ["1"], cancellationToken: Cancel)).Card!.Item);
    }

    [Fact]
    [Trait("Must", "R-SVC-10")]
    public async Task Relay_KilledAndStartedAgain_TheServiceIsBackAndTheRoomIsToldWhatCameMeanwhile()
    {
        await using RelayClient alice = await ConnectAsync("alice");
        await using RelaySubscription square = await OpenSquareAsync(alice);
        await using RelayProcess adapter = await StartAsync();
        await alice.SubscribeAsync("square", "news.updates", cancellationToken: Cancel);
        WriteFeed("first", "second");
        Assert.Equal("second", (await square.NextAsync<RelayUpdate>()).Card.Title);

        await _relay.KillAsync();
        WriteFeed("first", "second", "third");
        await adapter.WaitForAsync("(1 of them are sent)", occurrence: 2);
        await adapter.WaitForAsync("(the relay is away)");
        await _relay.DisposeAsync();
        await StartRelayAsync(_edge);
        await adapter.WaitForAsync("(the relay is back)");

        // On the connections and subscriptions of before, which find their way back by themselves.
        Assert.Equal("third", (await square.NextAsync<RelayUpdate>()).Card.Title);
        Assert.Equal("latest", (await alice.CommandAsync("news", "latest", cancellationToken: Cancel)).Verb);
    }

    [Fact]
    public async Task Logs_OfRelayAndAdapter_NameNoUser()
    {
        const string User = "carol-5150";
        await using RelayClient carol = await ConnectAsync(User);
        await using RelaySubscription square = await OpenSquareAsync(carol);
        await using RelaySubscription inbox = await carol.JoinInboxAsync(cancellationToken: Cancel);
        await using RelayProcess adapter = await StartAsync();
        await carol.SubscribeAsync("square", "news.updates", cancellationToken: Cancel);
        await carol.SubscribeAsync(null, "news.updates", cancellationToken: Cancel);
        WriteFeed("first", "second");
        string item = (await inbox.NextAsync<RelayUpdate>()).Card.Item;
        await carol.CommandAsync(new CommandRequest { Service = "news", Verb = "like", Item = item, Room = "square" }, Cancel);
        await carol.CommandAsync(new CommandRequest { Service = "news", Verb = "comment", Item = item, Room = "square", Arguments = ["well done"] }, Cancel);
        await Assert.ThrowsAsync<RelayException>(() => carol.CommandAsync("news", "like", cancellationToken: Cancel));
        string metrics = await MetricsAsync();
        await adapter.KillAsync();

        foreach (string written in new[] { _relay.Printed, adapter.Printed, metrics })
        {
            Assert.DoesNotContain(User, written, StringComparison.Ordinal);
            Assert.DoesNotContain("well done", written, StringComparison.Ordinal);
        }

        // Nor does the adapter keep who it was.
        foreach (string file in Directory.EnumerateFiles(AdapterData))
        {
            Assert.DoesNotContain(User, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancel)), StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Titles(string prefix) => Enumerable.Range(0, Flood).Select(number => $"{prefix}{number}");

    private static async Task<RelayProcess> StartAsync(string config)
    {
        RelayProcess adapter = RelayProcess.Start("adapter", "subscriptions", "--config", config, "--http", "127.0.0.1:0");
        await adapter.WaitForAsync("(Service news is registered at the relay)");
        return adapter;
    }

    private async Task StartRelayAsync(string listen)
    {
        _relay = RelayProcess.Start(
            "--data", RelayData, "--listen", listen, "--http", "127.0.0.1:0", "--set", $"Tokens:Keys:0:File={_folder.File("key")}", "--set", "Local:SampleServices=false");
        _edge = await _relay.WaitForAsync(@"edge 1\s+(\S+)");
        _http = await _relay.WaitForAsync(@"http +http://([^/]+)/");
        await _relay.WaitForAsync("(Stop with)");
    }

    private static async Task<RelaySubscription> OpenSquareAsync(RelayClient host)
    {
        await host.ControlAsync("square", RoomControl.Create("Square"), Cancel);
        return await host.JoinAsync("square", cancellationToken: Cancel);
    }

    private Task<RelayProcess> StartAsync() => StartAsync(Config);

    // In one step, as programs replace files; the newest on top.
    private void WriteFeed(params string[] titles)
    {
        File.WriteAllBytes(Feed + ".new", UnitTests.Adapters.FeedDocuments.Rss([.. titles.Reverse().Select(title => $"<item><guid>{title}</guid><title>{title}</title></item>")]));
        File.Move(Feed + ".new", Feed, overwrite: true);
    }

    private string WriteSettings(string name, string? store = null)
    {
        string config = _folder.File(name + ".json");
        string token = _folder.File(name + ".token");
        File.WriteAllText(token, LocalToken.Mint(_key, Audience, "service-news", TimeSpan.FromHours(1), TokenRole.Service, "news"));
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        object service = new { Name = "news", TokenFile = token, FirstItemsMax = 0, UpdatesPerHourMax = 1000, Feeds = new[] { new { File = Feed, PollSeconds = 1 } } };
        File.WriteAllText(config, JsonSerializer.Serialize(new { Data = _folder.File(name), Adapters = new { Edges = new[] { _edge }, Storage = new { Connection = store }, Subscriptions = new[] { service } } }));
        return config;
    }

    private async Task<string> MetricsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://{_http}/metrics"), Cancel);
    }

    private async Task<double> MetricAsync(string name)
    {
        string line = (await MetricsAsync()).Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    private async Task<RelayClient> ConnectAsync(string user)
    {
        var client = new RelayClient(new RelayClientOptions
        {
            Endpoints = [RelayEndpoint.Parse(_edge)],
            TokenProvider = _ => ValueTask.FromResult(LocalToken.Mint(_key, Audience, user, TimeSpan.FromHours(1))),
        });
        await client.ConnectAsync(Cancel);
        return client;
    }

    private async Task<(int Code, string Error)> PublishAsync(params string[] arguments)
    {
        var error = new StringWriter();
        int code = await RelayCommandLine.RunAsync(["publish-update", "news", .. arguments.Contains("--config") ? [] : new[] { "--config", Config }, .. arguments], new StringWriter(), error, Cancel);
        return (code, error.ToString());
    }
}
