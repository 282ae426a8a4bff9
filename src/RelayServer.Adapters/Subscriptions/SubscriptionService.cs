using Microsoft.Extensions.Logging;
using RelayServer.Adapters.Subscriptions.Commands;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.Adapters.Subscriptions.Hooks;
using RelayServer.Adapters.Subscriptions.Outbox;
using RelayServer.Adapters.Subscriptions.Storage;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>One service: its feeds, hooks, outbox and commands, and the loops that run them.</summary>
internal sealed class SubscriptionService : IAsyncDisposable
{
    private readonly SubscriptionsOptions _options;
    private readonly SharedParts _shared;
    private readonly ILogger _logger;
    private readonly ServiceDescription _description;
    private readonly ItemStore _items;
    private readonly OutboxStore _outbox;
    private readonly AllowanceStore _allowances;
    private readonly CommandDesk _commands;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];
    private ServiceLink? _link;
    private OutboxSender? _sender;

    public SubscriptionService(SubscriptionsOptions options, SharedParts shared)
    {
        _options = options;
        _shared = shared;
        _logger = shared.Loggers.CreateLogger<SubscriptionService>();
        _description = new ServiceDescription(options);
        _items = new ItemStore(shared.Database, options.Name, options, shared.Time);
        _outbox = new OutboxStore(shared.Database, options.Name, shared.Time);
        _allowances = new AllowanceStore(shared.Database, options.Name, shared.Time);
        var responses = new ResponseStore(shared.Database, options.Name, options, shared.Time);
        _commands = new CommandDesk(options.Name, _items, responses, Wake, options, shared.Metrics, _logger);
        Hooks = [.. options.Hooks.Select(hook => new HookDesk(
            hook, options.Name, _description.TargetOf(hook.Topic, hook.Subjects), options.TextBytesMax, _items, _allowances, Wake, shared.Metrics, shared.Time, _logger))];
    }

    /// <summary>Its webhooks.</summary>
    public IReadOnlyList<HookDesk> Hooks { get; }

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? NotReadyReason => _link is { IsConnected: true } ? null : $"service {_options.Name} is not registered";

    /// <summary>Starts it. The relay need not be there yet.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ulong producer = await _outbox.OpenAsync(cancellationToken).ConfigureAwait(false);
        long waiting = await _outbox.CountAsync(cancellationToken).ConfigureAwait(false);
        var start = new ServiceStart(_description.Create(), producer, _options.TokenFile, _commands.HandleAsync);
        _link = new ServiceLink(start, _shared.Connect, _shared.Random, _shared.Time, _logger);
        var tallies = new TallyStore(_shared.Database, _options.Name, _options, _shared.Time);
        _sender = new OutboxSender(_options.Name, _shared.Owner, _outbox, tallies, _link, _shared.Metrics, _shared.Random, _shared.Time, _logger);
        SubscriptionsLog.Started(_logger, _options.Name, _options.Feeds.Count, Hooks.Count, waiting);
        _loops.Add(WatchAsync("the link", _link.RunAsync));
        _loops.Add(WatchAsync("the outbox", _sender.RunAsync));
        _loops.AddRange(_options.Feeds.Select(feed => WatchAsync("a feed", CreatePoller(feed).RunAsync)));
    }

    /// <summary>Stops it; what is not sent yet is sent after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_loops).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void Wake() => _sender?.Wake();

    private FeedPoller CreatePoller(FeedOptions feed)
    {
        IFeedSource source = feed.Url is { } url
            ? _shared.SourceOf(url, _options)
            : new FileFeedSource(feed.File!, _options.FeedBytesMax);
        SourceTarget target = _description.TargetOf(feed.Topic, feed.Subject is { } subject ? [subject] : []);
        return new FeedPoller(
            _options.Name,
            _shared.Owner,
            source,
            target,
            new FeedParser(_options.FeedItemsMax, _options.TextBytesMax),
            new FeedSchedule(TimeSpan.FromSeconds(feed.PollSeconds), TimeSpan.FromSeconds(_options.PollSecondsMax), _shared.Random),
            _shared.Turns,
            new FeedStore(_shared.Database, _options.Name, _shared.Time),
            _items,
            _allowances,
            _options,
            Wake,
            _shared.Metrics,
            _shared.Time,
            _logger);
    }

    // A loop that fails is a mistake of ours: it is told, and the others go on.
    private async Task WatchAsync(string part, Func<CancellationToken, Task> run)
    {
        try
        {
            await Task.Run(() => run(_stopping.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            SubscriptionsLog.LoopFailed(_logger, _options.Name, part, problem);
        }
    }
}
