using System.Diagnostics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>
/// The two connections to Redis, one for commands and one for messages, and what is known about them. Both are opened
/// again by the client library; a watch asks them for a sign of life every second and after each event.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private static readonly TimeSpan LookPeriodMin = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(100);

    // A connection may be dead without a sign: a server that was moved, a firewall that forgot. TCP takes minutes to
    // say so.
    private const int HangsBeforeReplacing = 2;

    private readonly RedisFabricOptions _options;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SemaphoreSlim _subscribing = new(1);
    private readonly HashSet<(RedisChannel Channel, Action<RedisChannel, RedisValue> Receive)> _subscriptions = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _watch = Task.CompletedTask;
    private long _pendingBytes;
    private volatile RedisLink _link;
    private volatile bool _commandsWork;

    private RedisConnection(RedisLink link, RedisFabricOptions options, ILogger logger)
    {
        _link = link;
        _options = options;
        _timeout = TimeSpan.FromMilliseconds(options.CommandTimeoutMilliseconds);
        _logger = logger;
        (string host, int port) = options.ParseFirstEndpoint();
        Endpoint = $"{host}:{port}";
        Signal = new(FabricMetrics.Redis, logger);
        Refusals = new(Endpoint, logger);
    }

    public string Endpoint { get; }

    /// <summary>Whether both connections work.</summary>
    public ConnectionSignal Signal { get; }

    public RedisRefusals Refusals { get; }

    /// <summary>Returns when Redis is connected, or could not be within the time for it; it is tried on and on.</summary>
    public static async Task<RedisConnection> OpenAsync(RedisFabricOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        RedisLink link = await RedisLink.OpenAsync(options, cancellationToken);
        try
        {
            // The library returns when one of the two connections is there.
            string? failure = await link.ProbeAsync();
            while (failure is not null && Stopwatch.GetElapsedTime(started).TotalMilliseconds < options.ConnectTimeoutMilliseconds)
            {
                await Task.Delay(RetryPeriod, cancellationToken);
                failure = await link.ProbeAsync();
            }

            var connection = new RedisConnection(link, options, logger);
            connection.Begin(failure);
            return connection;
        }
        catch (OperationCanceledException)
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Runs a command that carries this many bytes, for no longer than the time for commands. Fails at once while
    /// there is no connection, or when too much waits for its answer.
    /// </summary>
    /// <exception cref="FabricUnavailableException">No answer: it may or may not have been carried out.</exception>
    /// <exception cref="RedisServerException">Redis answered with an error.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> start, int bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_commandsWork)
        {
            throw new FabricUnavailableException($"Redis at {Endpoint} is not connected.");
        }

        if (Interlocked.Add(ref _pendingBytes, bytes) > _options.PendingBytesMax)
        {
            Interlocked.Add(ref _pendingBytes, -bytes);
            throw new FabricUnavailableException($"Redis at {Endpoint} does not keep up: PendingBytesMax reached.");
        }

        RedisLink link = _link;
        Task<T>? command = null;
        try
        {
            command = start(link.Database);
            T answer = await command.WaitAsync(_timeout, cancellationToken);

            // In order means: on one thread, which also hands over messages. The caller must not keep it.
            await Task.Yield();
            return answer;
        }
        catch (TimeoutException e)
        {
            CommandsFailed(link, $"no answer within {_timeout.TotalMilliseconds} ms");
            throw new FabricUnavailableException($"Redis at {Endpoint} did not answer in time.", e);
        }
        catch (RedisConnectionException e)
        {
            CommandsFailed(link, e.Message);
            throw new FabricUnavailableException($"Redis at {Endpoint} is not connected.", e);
        }
        finally
        {
            Forget(command, bytes);
        }
    }

    /// <summary>
    /// Subscribes, now or with the next connection: the client library sends what is subscribed to with each one.
    /// Returns when Redis has confirmed it, or when it cannot be reached.
    /// </summary>
    public async Task SubscribeAsync(
        RedisChannel channel, Action<RedisChannel, RedisValue> receive, CancellationToken cancellationToken)
    {
        await _subscribing.WaitAsync(cancellationToken);
        RedisLink link = _link;
        try
        {
            _subscriptions.Add((channel, receive));
            await link.Subscriber.SubscribeAsync(channel, receive).WaitAsync(_timeout, cancellationToken);

            // A second handler of a channel returns at once; the answer to this comes after the first one's.
            await link.Subscriber.PingAsync().WaitAsync(_timeout, cancellationToken);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Failed(link, e.Message);
        }
        finally
        {
            _subscribing.Release();
        }
    }

    /// <summary>Takes the handler away; Redis is told if it can be reached.</summary>
    public async Task UnsubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> receive)
    {
        await _subscribing.WaitAsync();
        try
        {
            _subscriptions.Remove((channel, receive));
            await _link.Subscriber.UnsubscribeAsync(channel, receive).WaitAsync(_timeout);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            // With the connection the subscription has ended, too.
        }
        finally
        {
            _subscribing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch;
        _commandsWork = false;
        Signal.Set(false);
        await _link.DisposeAsync();
        _stop.Dispose();
    }

    private void Begin(string? failure)
    {
        _commandsWork = failure is null;
        Signal.Begin(_commandsWork);
        if (failure is null)
        {
            RedisLog.Connected(_logger, Endpoint);
        }
        else
        {
            RedisLog.NotReachable(_logger, Endpoint, failure);
        }

        Watch(_link);
        _watch = WatchAsync();
    }

    // What a command carries is in memory until it has ended, even when nobody waits for it any more.
    private void Forget(Task? command, int bytes)
    {
        if (command is null || command.IsCompleted)
        {
            Interlocked.Add(ref _pendingBytes, -bytes);
            return;
        }

        command.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                Interlocked.Add(ref _pendingBytes, -bytes);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void Watch(RedisLink link) => link.Watch(
        e =>
        {
            string reason = $"{e.ConnectionType} connection: {e.FailureType}";
            link.HasBeenLost |= link.HasAnswered;
            if (e.ConnectionType == ConnectionType.Interactive)
            {
                CommandsFailed(link, reason);
            }
            else
            {
                Failed(link, reason);
            }
        },
        Wake);

    private void CommandsFailed(RedisLink link, string reason)
    {
        if (link == _link)
        {
            _commandsWork = false;
            Failed(link, reason);
        }
    }

    private void Failed(RedisLink link, string reason)
    {
        if (link == _link && Signal.Set(false))
        {
            RedisLog.Lost(_logger, Endpoint, reason);
        }

        Wake();
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // The watch is going to look anyway.
        }
    }

    private async Task WatchAsync()
    {
        int hangs = 0;
        try
        {
            while (true)
            {
                await _wake.WaitAsync(Signal.IsConnected ? WatchPeriod : RetryPeriod, _stop.Token);

                // Off the library's own thread, which its answers need, and never faster than this: a probe that fails
                // at once wakes the watch again.
                await Task.Delay(LookPeriodMin, _stop.Token);
                RedisLink link = _link;
                string? failure = await link.ProbeAsync().WaitAsync(_stop.Token);
                hangs = link.Hangs ? hangs + 1 : 0;
                if (failure is not null)
                {
                    CommandsFailed(link, failure);
                }
                else if (link.HasBeenLost)
                {
                    // The library sends subscriptions with each new connection, but not always: seen after a restart of
                    // Redis, connected and deaf for ever. A fresh link subscribes for certain.
                    await ReplaceAsync(link);
                }
                else
                {
                    _commandsWork = true;
                    if (Signal.Set(true))
                    {
                        RedisLog.Connected(_logger, Endpoint);
                    }
                }

                if (hangs >= HangsBeforeReplacing)
                {
                    hangs = 0;
                    await ReplaceAsync(link);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ReplaceAsync(RedisLink old)
    {
        RedisLog.Replacing(_logger, Endpoint);
        RedisLink link = await RedisLink.OpenAsync(_options, _stop.Token);
        await _subscribing.WaitAsync();
        try
        {
            _link = link;
            Watch(link);
            await Task.WhenAll(_subscriptions.Select(subscription =>
                link.Subscriber.SubscribeAsync(subscription.Channel, subscription.Receive))).WaitAsync(_timeout);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            // They are with the library, which sends them with each connection.
        }
        finally
        {
            _subscribing.Release();
        }

        await old.DisposeAsync();
    }
}
