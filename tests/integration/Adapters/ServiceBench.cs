using Microsoft.Extensions.Logging;
using RelayServer.Adapters;
using RelayServer.Adapters.Subscriptions;
using RelayServer.Adapters.Subscriptions.Commands;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.Adapters.Subscriptions.Outbox;
using RelayServer.Adapters.Subscriptions.Storage;
using RelayServer.IntegrationTests.Storage;
using RelayServer.IntegrationTests.Support;
using RelayServer.Storage;
using RelayServer.UnitTests.Edge;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>One process that runs the service "news" on a store, in parts, with a clock that the test moves.</summary>
internal sealed class ServiceBench : IAsyncDisposable
{
    private readonly SubscriptionsMetrics _metrics = new();
    private readonly HostTurns _turns = new();

    private ServiceBench(Database database, SubscriptionsOptions options, HandTime time, string owner)
    {
        Database = database;
        Options = options;
        Time = time;
        Owner = owner;
        Items = new ItemStore(database, options.Name, options, time);
        Outbox = new OutboxStore(database, options.Name, time);
        Feeds = new FeedStore(database, options.Name, time);
        Responses = new ResponseStore(database, options.Name, options, time);
        Allowances = new AllowanceStore(database, options.Name, time);
        Tallies = new TallyStore(database, options.Name, options, time);
    }

    public Database Database { get; }

    public SubscriptionsOptions Options { get; }

    public HandTime Time { get; }

    public string Owner { get; }

    public CapturedLogs Logs { get; } = new();

    public ItemStore Items { get; }

    public OutboxStore Outbox { get; }

    public FeedStore Feeds { get; }

    public ResponseStore Responses { get; }

    public TallyStore Tallies { get; }

    public AllowanceStore Allowances { get; }

    public ulong ProducerId { get; private set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts a process on a store.</summary>
    public static async Task<ServiceBench> OpenAsync(IDatabaseHost host, SubscriptionsOptions? options = null, HandTime? time = null, string owner = "one")
    {
        time ??= new HandTime();
        Database database = await Database.OpenAsync(
            await host.OptionsAsync(), SubscriptionsServer.Migrations, TimeProvider.System, LoggerFactory.Create(_ => { }), Cancel);
        var bench = new ServiceBench(database, options ?? new SubscriptionsOptions(), time, owner);
        bench.ProducerId = await bench.Outbox.OpenAsync(Cancel);
        return bench;
    }

    public FeedPoller Poller(IFeedSource source, int pollSeconds = 300, Action? changed = null)
    {
        var topic = new TopicOptions();
        return new FeedPoller(
            Options.Name, Owner, source, new SourceTarget(topic, new SubjectNames(topic), ["world"]), new FeedParser(500, 1000),
            new FeedSchedule(TimeSpan.FromSeconds(pollSeconds), TimeSpan.FromDays(1), () => 0), _turns, Feeds, Items, Allowances, Options, changed ?? (() => { }), _metrics, Time, Logs);
    }

    public OutboxSender Sender(IServiceUpdates updates) => new(Options.Name, Owner, Outbox, Tallies, updates, _metrics, () => 1, Time, Logs);

    public CommandDesk Commands(Action? changed = null) => new(Options.Name, Items, Responses, changed ?? (() => { }), Options, _metrics, Logs);

    /// <summary>Adds items as a source does, each an update; their names.</summary>
    public async Task<string[]> AddAsync(params string[] titles)
    {
        NewItem[] items = [.. titles.Select(title => new NewItem(new StoredItem { Item = ItemNames.Of("test", title), Title = title, Link = $"https://example.org/{title.Length}" }, ["world"]))];
        await Items.AddAsync("test", "topic:news.updates", items, int.MaxValue, Cancel);
        return [.. items.Select(item => item.Item.Item)];
    }

    /// <summary>Sends everything that waits.</summary>
    public async Task SendAllAsync(IServiceUpdates updates)
    {
        OutboxSender sender = Sender(updates);
        while (await Outbox.CountAsync(Cancel) > 0)
        {
            await sender.StepAsync(Cancel);
        }

        await Outbox.ReleaseAsync(Owner, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        _turns.Dispose();
        await Database.DisposeAsync();
    }
}
