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
    private const long RefusedLogPeriodMilliseconds = 5000;

    // Answers of a server that is starting, full, busy, or just became a replica.
    private static readonly string[] Passing = ["LOADING", "BUSY", "MASTERDOWN", "READONLY", "OOM", "MISCONF", "NOREPLICAS", "TRYAGAIN"];

    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(100);

    private readonly ConnectionMultiplexer _multiplexer;
    private readonly TimeSpan _timeout;
    private readonly long _pendingBytesMax;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private Task _watch = Task.CompletedTask;
    private long _pendingBytes;
    private long _refusedAt = -RefusedLogPeriodMilliseconds;
    private volatile bool _commandsWork;
    private string _reason = "no answer yet";

    private RedisConnection(ConnectionMultiplexer multiplexer, RedisFabricOptions options, ILogger logger)
    {
        _multiplexer = multiplexer;
        _timeout = TimeSpan.FromMilliseconds(options.CommandTimeoutMilliseconds);
        _pendingBytesMax = options.PendingBytesMax;
        _logger = logger;
        (string host, int port) = options.ParseFirstEndpoint();
        Endpoint = $"{host}:{port}";
        Signal = new(FabricMetrics.Redis, logger);
        Database = multiplexer.GetDatabase();
        Subscriber = multiplexer.GetSubscriber();

        // Messages come in order only so. Measured with 200,000 numbered messages of 1 kB, three times: true, none out
        // of order; false, 10, 11 and 45, at 6 to 80 % more messages a second.
        multiplexer.PreserveAsyncOrder = true;
    }

    public string Endpoint { get; }

    public IDatabase Database { get; }

    public ISubscriber Subscriber { get; }

    /// <summary>Whether both connections work.</summary>
    public ConnectionSignal Signal { get; }

    /// <summary>Returns when Redis is connected, or could not be within the time for it; it is tried on and on.</summary>
    public static async Task<RedisConnection> OpenAsync(RedisFabricOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        ConnectionMultiplexer multiplexer =
            await ConnectionMultiplexer.ConnectAsync(RedisConfiguration.Create(options)).WaitAsync(cancellationToken);
        var connection = new RedisConnection(multiplexer, options, logger);
        try
        {
            // The library returns when one of the two connections is there.
            bool connected = await connection.ProbeAsync();
            while (!connected && Stopwatch.GetElapsedTime(started).TotalMilliseconds < options.ConnectTimeoutMilliseconds)
            {
                await Task.Delay(RetryPeriod, cancellationToken);
                connected = await connection.ProbeAsync();
            }

            connection.Begin(connected);
            return connection;
        }
        catch (OperationCanceledException)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Runs a command that carries this many bytes, for no longer than the time for commands. Fails at once while
    /// there is no connection, or when too much waits for its answer.
    /// </summary>
    /// <exception cref="FabricUnavailableException">No answer: it may or may not have been carried out.</exception>
    /// <exception cref="RedisServerException">Redis answered with an error.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> start, int bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_commandsWork)
        {
            throw new FabricUnavailableException($"Redis at {Endpoint} is not connected.");
        }

        if (Interlocked.Add(ref _pendingBytes, bytes) > _pendingBytesMax)
        {
            Interlocked.Add(ref _pendingBytes, -bytes);
            throw new FabricUnavailableException($"Redis at {Endpoint} does not keep up: PendingBytesMax reached.");
        }

        Task<T>? command = null;
        try
        {
            command = start();
            T answer = await command.WaitAsync(_timeout, cancellationToken);

            // In order means: on one thread, which also hands over messages. The caller must not keep it.
            await Task.Yield();
            return answer;
        }
        catch (TimeoutException e)
        {
            CommandsFailed($"no answer within {_timeout.TotalMilliseconds} ms");
            throw new FabricUnavailableException($"Redis at {Endpoint} did not answer in time.", e);
        }
        catch (RedisConnectionException e)
        {
            CommandsFailed(e.Message);
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
        try
        {
            await Subscriber.SubscribeAsync(channel, receive).WaitAsync(_timeout, cancellationToken);

            // A second handler of a channel returns at once; the answer to this comes after the first one's.
            await Subscriber.PingAsync().WaitAsync(_timeout, cancellationToken);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Failed(e.Message);
        }
    }

    /// <summary>Takes the handler away at once; Redis is told if it can be reached.</summary>
    public async Task UnsubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> receive)
    {
        try
        {
            await Subscriber.UnsubscribeAsync(channel, receive).WaitAsync(_timeout);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            // With the connection the subscription has ended, too.
        }
    }

    /// <summary>
    /// Logs, but not in a flood, that Redis answered with an error, and says whether it is one that passes.
    /// </summary>
    public FabricException Refused(string command, RedisServerException e)
    {
        long now = Environment.TickCount64;
        long before = Interlocked.Read(ref _refusedAt);
        if (now - before >= RefusedLogPeriodMilliseconds && Interlocked.CompareExchange(ref _refusedAt, now, before) == before)
        {
            RedisLog.Refused(_logger, Endpoint, command, e.Message);
        }

        string message = $"Redis at {Endpoint} refused {command}: {e.Message}";
        return Passing.Any(start => e.Message.StartsWith(start, StringComparison.Ordinal))
            ? new FabricUnavailableException(message, e)
            : new FabricException(message, e);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch;
        _commandsWork = false;
        Signal.Set(false);

        // Not waiting for commands that are under way: Redis may be away.
        await _multiplexer.CloseAsync(allowCommandsToComplete: false);
        _multiplexer.Dispose();
        _stop.Dispose();
        _wake.Dispose();
    }

    private void Begin(bool connected)
    {
        _commandsWork = connected;
        Signal.Begin(connected);
        if (connected)
        {
            RedisLog.Connected(_logger, Endpoint);
        }
        else
        {
            RedisLog.NotReachable(_logger, Endpoint, _reason);
        }

        _multiplexer.ConnectionFailed += (_, e) => OnFailed(e);
        _multiplexer.ConnectionRestored += (_, _) => Wake();
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

    private void OnFailed(ConnectionFailedEventArgs e)
    {
        string reason = $"{e.ConnectionType} connection: {e.FailureType}";
        if (e.ConnectionType == ConnectionType.Interactive)
        {
            CommandsFailed(reason);
        }
        else
        {
            Failed(reason);
        }
    }

    private void CommandsFailed(string reason)
    {
        _commandsWork = false;
        Failed(reason);
    }

    private void Failed(string reason)
    {
        _reason = reason;
        if (Signal.Set(false))
        {
            RedisLog.Lost(_logger, Endpoint, reason);
        }

        Wake();
    }

    private void Connected()
    {
        _commandsWork = true;
        if (Signal.Set(true))
        {
            RedisLog.Connected(_logger, Endpoint);
        }
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // The watch is going to look anyway, or has ended.
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(Signal.IsConnected ? WatchPeriod : RetryPeriod, _stop.Token);
                if (await ProbeAsync().WaitAsync(_stop.Token))
                {
                    Connected();
                }
                else
                {
                    CommandsFailed(_reason);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    // An answer on the message connection also says that the subscriptions sent before it are in force.
    private async Task<bool> ProbeAsync()
    {
        try
        {
            Task<TimeSpan> messages = Subscriber.PingAsync();
            await Task.WhenAll(Database.PingAsync(), messages).WaitAsync(_timeout);
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            _reason = e.Message;
            return false;
        }
    }
}
