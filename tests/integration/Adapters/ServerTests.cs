using System.Net;
using RelayServer.Adapters;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Client.Services;
using RelayServer.IntegrationTests.Support;
using RelayServer.Storage;
using RelayServer.UnitTests.Adapters;
using RelayServer.UnitTests.Edge;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>Whole services, with a relay that is a list.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLogs _logs = new();
    private readonly RecordedUpdates _relay = new();
    private readonly HandTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_FileThatIsReplaced_SendsWhatIsNew()
    {
        WriteFeed("a");
        await using SubscriptionsServer server = await StartAsync();
        await _relay.ArriveAsync(1);
        WriteFeed("c", "b", "a");
        await AdvanceUntilAsync(2);

        Assert.Equal(["a", "b", "c"], _relay.Titles);
    }

    [Fact]
    public async Task Start_Again_SendsNothingTwice()
    {
        WriteFeed("b", "a");
        await using (await StartAsync())
        {
            await _relay.ArriveAsync(2);
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        WriteFeed("c", "b", "a");
        await using (await StartAsync())
        {
            await _relay.ArriveAsync(1);
        }

        Assert.Equal([1ul, 2, 3], _relay.Sent);
        Assert.Equal(["a", "b", "c"], _relay.Titles);
    }

    [Fact]
    public async Task Start_RelayNotThere_ReadsAndSendsWhenItIs()
    {
        WriteFeed("a");
        int attempts = 0;
        await using SubscriptionsServer server = await StartAsync((start, _) => ++attempts < 3
            ? throw new TimeoutException("no relay")
            : Task.FromResult<IServiceConnection>(_relay));

        Assert.Equal("service news is not registered", server.NotReadyReason);
        await AdvanceUntilAsync(1);
        Assert.Null(server.NotReadyReason);
        Assert.True(_logs.Contains("Service news is not connected and tries again"));
    }

    [Fact]
    public async Task Link_RelayGoesAndComes_TheOperatorIsToldOnceEach()
    {
        WriteFeed("a");
        await using SubscriptionsServer server = await StartAsync();
        await _relay.ArriveAsync(1);
        _relay.Change("connection refused");
        _relay.Change("connection refused again");
        Assert.Equal("service news is not registered", server.NotReadyReason);
        _relay.Change(null);
        Assert.Null(server.NotReadyReason);
        Assert.Equal(
            ["Warning: Service news: the relay is away, updates wait until it is back: connection refused", "Information: Service news: the relay is back."],
            _logs.Lines.Where(line => line.Contains("the relay is", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Link_EndedByTheRelay_IsMadeAgain()
    {
        WriteFeed("a");
        var second = new RecordedUpdates();
        var connections = new Queue<RecordedUpdates>([_relay, second]);
        await using SubscriptionsServer server = await StartAsync((_, _) => Task.FromResult<IServiceConnection>(connections.Dequeue()));
        await _relay.ArriveAsync(1);
        _relay.End();
        WriteFeed("b", "a");
        await AdvanceUntilAsync(1, second);

        Assert.Equal(["b"], second.Titles);
        Assert.Equal([2ul], second.Sent);
    }

    [Fact]
    public async Task Start_Definition_HasTheTopicsTheSubjectsAndTheTexts()
    {
        WriteFeed("a");
        var started = new TaskCompletionSource<ServiceStart>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SubscriptionsServer server = await StartAsync((start, _) =>
        {
            started.SetResult(start);
            return Task.FromResult<IServiceConnection>(_relay);
        });
        ServiceDefinition definition = (await started.Task).Definition;

        Assert.Equal("news", definition.Name);
        Assert.Equal(["world"], Assert.Single(definition.Topics).Subjects.Select(subject => subject.Name));
        Assert.Contains(definition.Texts, text => text is { Locale: "de", Key: "title", Text: "Nachrichten" });
        ServiceResult result = await (await started.Task).Handler(new ServiceCommand { Verb = "latest", Subject = "s", Key = "k" }, Cancel);
        Assert.False(result.IsRefused);
    }

    [Fact]
    public async Task Start_HookWithoutSecrets_FailsAndLeavesNothingRunning()
    {
        AdaptersOptions options = Options();
        options.Subscriptions[0].Hooks = [new HookOptions { Name = "desk", SecretFile = _folder.File("nosuch") }];
        await using var server = new SubscriptionsServer(options, (_, _) => Task.FromResult<IServiceConnection>(_relay), _time, _logs);

        InvalidDataException problem = await Assert.ThrowsAsync<InvalidDataException>(() => server.StartAsync(Cancel));
        Assert.Contains("nosuch", problem.Message, StringComparison.Ordinal);
        Assert.Equal("not started", server.NotReadyReason);
    }

    private AdaptersOptions Options() => new()
    {
        Storage = new DatabaseOptions { File = _folder.File("adapters.db") },
        HooksListen = new IPEndPoint(IPAddress.Loopback, 0),
        Subscriptions =
        [
            new SubscriptionsOptions
            {
                Texts = [new TextOptions { Locale = "de", Key = "title", Text = "Nachrichten" }],
                Feeds = [new FeedOptions { File = _folder.File("feed.xml"), Subject = "World", PollSeconds = 60 }],
            },
        ],
    };

    private async Task<SubscriptionsServer> StartAsync(Func<ServiceStart, CancellationToken, Task<IServiceConnection>>? connect = null)
    {
        var server = new SubscriptionsServer(Options(), connect ?? ((_, _) => Task.FromResult<IServiceConnection>(_relay)), _time, _logs);
        await server.StartAsync(Cancel);
        return server;
    }

    private void WriteFeed(params string[] ids) =>
        File.WriteAllBytes(_folder.File("feed.xml"), FeedDocuments.Rss([.. ids.Select(id => $"<item><guid>{id}</guid><title>{id}</title></item>")]));

    // Time goes on whenever something waits for it.
    private async Task AdvanceUntilAsync(int updates, RecordedUpdates? relay = null)
    {
        Task arriving = (relay ?? _relay).ArriveAsync(updates);
        while (!arriving.IsCompleted)
        {
            Task<TimeSpan> waiting = _time.NextWaitAsync().AsTask();
            if (await Task.WhenAny(arriving, waiting) == waiting)
            {
                _time.Advance(await waiting);
            }
        }

        await arriving;
    }
}
