using System.Diagnostics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>The way to the node that is the primary now, among those named: its link, and what is subscribed through it.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private static readonly TimeSpan BeginPeriod = TimeSpan.FromMilliseconds(100);

    private readonly RedisFabricOptions _options;
    private readonly ILogger _logger;
    private readonly RedisNode[] _nodes;
    private readonly RedisWake _wake = new();
    private readonly CancellationTokenSource _stop = new();

    // Held while subscriptions are added, removed, or taken along to another link.
    private readonly SemaphoreSlim _subscribing = new(1);
    private readonly HashSet<RedisSubscription> _subscriptions = [];
    private Task _running = Task.CompletedTask;
    private RedisNodeState? _used;
    private string? _leftover;
    private bool _isRefused;
    private volatile RedisLink? _link;
    private volatile string? _notReadyReason = "not asked yet";

    private RedisConnection(RedisFabricOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _nodes = [.. options.ParseEndpoints().Select(endpoint => new RedisNode(endpoint, options, _wake.Set))];
        Signal = new(FabricMetrics.Redis, logger);
        Refusals = new(logger);
    }

    /// <summary>Whether there is a primary, and everything is subscribed at it.</summary>
    public ConnectionSignal Signal { get; }

    public RedisRefusals Refusals { get; }

    /// <summary>The node in use, else all that are tried.</summary>
    public string Endpoint => _link?.Endpoint ?? _options.Endpoints;

    /// <summary>Why none is used; null while one is.</summary>
    public string? NotReadyReason => _notReadyReason;

    /// <summary>Returns when Redis is connected, or could not be within the time for it; it is tried on and on.</summary>
    public static async Task<RedisConnection> OpenAsync(RedisFabricOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var connection = new RedisConnection(options, logger);
        try
        {
            await connection.BeginAsync(cancellationToken);
            return connection;
        }
        catch (OperationCanceledException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc cref="RedisLink.RunAsync"/>
    public Task<T> RunAsync<T>(Func<IDatabase, Task<T>> start, int bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _link is { } link
            ? link.RunAsync(start, bytes, cancellationToken)
            : throw new FabricUnavailableException($"Redis is not connected: {_notReadyReason}");
    }

    /// <summary>
    /// Subscribes, now or with the next link. Returns when Redis has confirmed it, or when it cannot be reached.
    /// </summary>
    public async Task SubscribeAsync(RedisSubscription subscription, CancellationToken cancellationToken)
    {
        await _subscribing.WaitAsync(cancellationToken);
        try
        {
            _subscriptions.Add(subscription);
            if (_link is { } link)
            {
                await link.SubscribeAsync([subscription], cancellationToken);
            }
        }
        finally
        {
            _subscribing.Release();
        }
    }

    /// <summary>Takes the subscription away; Redis is told if it can be reached.</summary>
    public async Task UnsubscribeAsync(RedisSubscription subscription)
    {
        await _subscribing.WaitAsync();
        try
        {
            _subscriptions.Remove(subscription);
            if (_link is { } link)
            {
                await link.UnsubscribeAsync([subscription]);
            }
        }
        finally
        {
            _subscribing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _link = null;
        _notReadyReason = "closed";
        Signal.Set(false);
        _stop.Dispose();
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        var timeout = TimeSpan.FromMilliseconds(_options.ConnectTimeoutMilliseconds);
        Task nodes = Task.WhenAll(_nodes.Select(node => Task.Run(() => node.RunAsync(_stop.Token), CancellationToken.None)));
        _running = nodes;
        await UsePrimaryAsync();
        while (_link is null && (Stopwatch.GetElapsedTime(started) < timeout || _nodes.Any(node => node.Look().State.Role == RedisRole.Unknown)))
        {
            await _wake.WaitAsync(BeginPeriod, cancellationToken);
            await UsePrimaryAsync();
        }

        bool isConnected = _link is not null;
        Signal.Begin(isConnected);
        if (!isConnected && !_isRefused)
        {
            RedisLog.NotReachable(_logger, _notReadyReason);
        }

        _running = Task.WhenAll(nodes, FollowAsync());
    }

    private async Task FollowAsync()
    {
        while (true)
        {
            await _wake.WaitAsync(Timeout.InfiniteTimeSpan, _stop.Token);
            await UsePrimaryAsync();
            if (_link is not null)
            {
                Signal.Set(true);
            }
        }
    }

    /// <summary>Moves to the node that is the primary now, or away from one that is not any more.</summary>
    private async Task UsePrimaryAsync()
    {
        (RedisNodeState State, RedisLink? Link)[] nodes = await LookAsync();
        RedisChoice choice = RedisElection.Choose([.. nodes.Select(node => node.State)], _used);
        Report(choice, nodes);
        RedisLink? next = choice.Node < 0 ? null : nodes[choice.Node].Link;
        _notReadyReason = choice.Reason;
        if (next != _link)
        {
            await MoveAsync(next);
        }

        if (_link is not null)
        {
            _used = nodes[choice.Node].State;
        }

        foreach (RedisNode node in _nodes)
        {
            node.Hurry(_link is null);
        }
    }

    private async Task<(RedisNodeState State, RedisLink? Link)[]> LookAsync()
    {
        (RedisNodeState State, RedisLink? Link)[] nodes = Look();
        RedisLink[] primaries = [.. nodes.Select(node => node.Link).OfType<RedisLink>().Where(link => link.Role == RedisRole.Primary)];
        if (primaries.Length < 2)
        {
            return nodes;
        }

        // A replica that was promoted has its primary's claim, of which this one may know less: it was asked before.
        await Task.WhenAll(primaries.Select(link => link.AskAsync(_stop.Token)));
        return Look();

        (RedisNodeState State, RedisLink? Link)[] Look() => [.. _nodes.Select(node => node.Look())];
    }

    private async Task MoveAsync(RedisLink? next)
    {
        await _subscribing.WaitAsync(_stop.Token);
        try
        {
            if (_link is { } old)
            {
                _link = null;
                Signal.Set(false);
                RedisLog.Lost(_logger, old.Endpoint, old.Failure ?? _notReadyReason ?? "another node is the primary now");
                await old.UnsubscribeAsync(_subscriptions);
            }

            if (next is null)
            {
                return;
            }

            await next.SubscribeAsync(_subscriptions, _stop.Token);
            if (next.Failure is { } failure)
            {
                _notReadyReason = $"Redis at {next.Endpoint} cannot be reached ({failure})";
                return;
            }

            _link = next;
            RedisLog.Connected(_logger, next.Endpoint);
        }
        finally
        {
            _subscribing.Release();
        }
    }

    // Each once, not with every look.
    private void Report(RedisChoice choice, (RedisNodeState State, RedisLink? Link)[] nodes)
    {
        if (choice.IsRefusal && !_isRefused)
        {
            RedisLog.PrimaryRefused(_logger, choice.Reason);
        }

        if (choice.Leftover is { } leftover && leftover != _leftover)
        {
            RedisLog.Leftover(_logger, leftover, nodes[choice.Node].State.Endpoint);
        }

        (_isRefused, _leftover) = (choice.IsRefusal, choice.Leftover);
    }
}
