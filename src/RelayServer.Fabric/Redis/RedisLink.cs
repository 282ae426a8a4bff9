using System.Diagnostics;
using System.Net.Sockets;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>
/// One multiplexer of the client library to one node: a connection for commands and one for messages. Once anything
/// went wrong with it, it is lost for good and another one takes its place: the library connects again by itself, but
/// has been seen connected and without its subscriptions after that.
/// </summary>
internal sealed class RedisLink
{
    private static readonly TimeSpan AskAgainPeriod = TimeSpan.FromMilliseconds(20);
    private static readonly RedisValue[] AnySlot = [0];

    private readonly ConnectionMultiplexer _multiplexer;
    private readonly IDatabase _database;
    private readonly ISubscriber _subscriber;
    private readonly RedisFabricOptions _options;
    private readonly TimeSpan _timeout;
    private readonly Action _whenLost;
    private readonly Dictionary<RedisSubscription, Action<RedisChannel, RedisValue>> _handlers = [];
    private long _pendingBytes;
    private long _claimEpoch;
    private string? _failure;

    private RedisLink(ConnectionMultiplexer multiplexer, RedisEndpoint endpoint, RedisFabricOptions options, Action whenLost)
    {
        _multiplexer = multiplexer;
        _options = options;
        _timeout = TimeSpan.FromMilliseconds(options.CommandTimeoutMilliseconds);
        _whenLost = whenLost;
        Endpoint = endpoint.ToString();

        // Messages come in order only so. Measured with 200,000 numbered messages of 1 kB, three times: true, none out
        // of order; false, 10, 11 and 45, at 6 to 80 % more messages a second.
        multiplexer.PreserveAsyncOrder = true;
        multiplexer.ConnectionFailed += (_, e) => Lose(RedisFailure.Describe(e.FailureType, e.Exception));
        _database = multiplexer.GetDatabase();
        _subscriber = multiplexer.GetSubscriber();
    }

    public string Endpoint { get; }

    /// <summary>What the node is, as first told; a link to one that becomes something else is lost.</summary>
    public RedisRole Role { get; private set; }

    /// <summary>Of a primary: the epoch of the last claim on it, when the options name several nodes.</summary>
    public ulong ClaimEpoch => (ulong)Volatile.Read(ref _claimEpoch);

    /// <summary>Why it is lost; null while it is good.</summary>
    public string? Failure => Volatile.Read(ref _failure);

    public bool IsLost => Failure is not null;

    /// <summary>Returns when both connections answer or the time for it is over; then the link is lost.</summary>
    public static async Task<RedisLink> OpenAsync(
        ConfigurationOptions configuration, RedisEndpoint endpoint, RedisFabricOptions options, Action whenLost, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        await ReachAsync(endpoint, options, cancellationToken);
        Task<ConnectionMultiplexer> connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        RedisLink link;
        try
        {
            link = new(await connecting.WaitAsync(cancellationToken), endpoint, options, whenLost);
        }
        catch (OperationCanceledException)
        {
            _ = CloseWhenConnectedAsync(connecting);
            throw;
        }

        try
        {
            // The library returns when one of the two connections is there.
            string? failure;
            while ((failure = await link.TryAskAsync(cancellationToken)) is not null && !link.IsLost)
            {
                if (Stopwatch.GetElapsedTime(started).TotalMilliseconds >= options.ConnectTimeoutMilliseconds)
                {
                    link.Lose(failure);
                }

                await Task.Delay(AskAgainPeriod, cancellationToken);
            }

            return link;
        }
        catch (Exception)
        {
            await link.CloseAsync();
            throw;
        }
    }

    /// <summary>Asks for a sign of life; the link is lost when there is none or the node is not what it was.</summary>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        if (await TryAskAsync(cancellationToken) is { } failure)
        {
            Lose(failure);
        }
    }

    /// <summary>Subscribes: returns when Redis has confirmed it, or the link is lost.</summary>
    /// <remarks>Neither this nor <see cref="UnsubscribeAsync"/> may run twice at once.</remarks>
    public async Task SubscribeAsync(IReadOnlyCollection<RedisSubscription> subscriptions, CancellationToken cancellationToken)
    {
        try
        {
            await WithinAsync(Task.WhenAll(subscriptions.Select(Subscribe)), cancellationToken);

            // A second handler of a channel returns at once; the answer to this comes after the first one's. Without an
            // endpoint the library has kept the subscription to itself.
            await WithinAsync(_subscriber.PingAsync(), cancellationToken);
            if (subscriptions.Any(subscription => _subscriber.SubscribedEndpoint(subscription.Channel) is null))
            {
                Lose("a subscription was not sent");
            }
        }
        catch (Exception e) when (IsFailure(e, cancellationToken))
        {
            Lose(Describe(e));
        }
    }

    /// <summary>Takes the handlers away; Redis is told if it can be reached.</summary>
    public async Task UnsubscribeAsync(IReadOnlyCollection<RedisSubscription> subscriptions)
    {
        if (IsLost)
        {
            return;
        }

        try
        {
            await WithinAsync(Task.WhenAll(subscriptions.Select(Unsubscribe)), CancellationToken.None);
        }
        catch (Exception e) when (IsFailure(e, CancellationToken.None))
        {
            Lose(Describe(e));
        }
    }

    /// <summary>
    /// Runs a command that carries this many bytes, for no longer than the time for commands. Fails at once when the
    /// link is lost, or when too much waits for its answer.
    /// </summary>
    /// <exception cref="FabricUnavailableException">No answer: it may or may not have been carried out.</exception>
    /// <exception cref="RedisServerException">Redis answered with an error.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> start, int bytes, CancellationToken cancellationToken)
    {
        if (Failure is { } failure)
        {
            throw new FabricUnavailableException($"Redis at {Endpoint} is not connected: {failure}");
        }

        if (Interlocked.Add(ref _pendingBytes, bytes) > _options.PendingBytesMax)
        {
            Interlocked.Add(ref _pendingBytes, -bytes);
            throw new FabricUnavailableException($"Redis at {Endpoint} does not keep up: PendingBytesMax reached.");
        }

        Task<T>? command = null;
        try
        {
            command = start(_database);
            T answer = await command.WaitAsync(_timeout, cancellationToken);

            // In order means: on one thread, which also hands over messages. The caller must not keep it.
            await Task.Yield();
            return answer;
        }
        catch (RedisServerException e) when (e.Message.Contains("READONLY", StringComparison.Ordinal))
        {
            Lose("it has become a replica");
            throw new FabricUnavailableException($"Redis at {Endpoint} is a replica.", e);
        }
        catch (Exception e) when (e is not RedisServerException && IsFailure(e, cancellationToken))
        {
            string reason = Describe(e);
            Lose(reason);
            throw new FabricUnavailableException($"Redis at {Endpoint} did not answer: {reason}", e);
        }
        finally
        {
            Forget(command, bytes);
        }
    }

    /// <summary>Closes it without waiting for commands under way: Redis may be away. Returns within the time for commands.</summary>
    public async Task CloseAsync()
    {
        Lose("closed");

        // Its asynchronous counterpart leaves the library's writing thread behind, and this one may take locks.
        Task closing = Task.Run(() => _multiplexer.Close(allowCommandsToComplete: false));
        Observe(closing);
        await closing.WaitAsync(_timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The library keeps to itself why it could not connect: whether nobody listens there, nobody answers, or there is no
    // such host. It also costs threads, which a node that is away for long is not worth.
    private static async Task ReachAsync(RedisEndpoint endpoint, RedisFabricOptions options, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.ConnectTimeoutMilliseconds);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private static async Task CloseWhenConnectedAsync(Task<ConnectionMultiplexer> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        if (connecting.IsCompletedSuccessfully)
        {
            (await connecting).Close(allowCommandsToComplete: false);
        }
    }

    // Whatever the library throws, unless the caller has given up: it has no connection that could be trusted.
    private static bool IsFailure(Exception e, CancellationToken cancellationToken) =>
        e is not OperationCanceledException || !cancellationToken.IsCancellationRequested;

    private static void Observe(Task task) => task.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private string Describe(Exception exception) => RedisFailure.Describe(exception, _options.CommandTimeoutMilliseconds);

    private void Lose(string reason)
    {
        if (Interlocked.CompareExchange(ref _failure, reason, null) is null)
        {
            _whenLost();
        }
    }

    /// <summary>Null when both connections answer, else why not.</summary>
    private async Task<string?> TryAskAsync(CancellationToken cancellationToken)
    {
        try
        {
            Task<RedisResult> replication = _database.ExecuteAsync("INFO", "replication");
            await WithinAsync(Task.WhenAll(replication, _database.PingAsync(), _subscriber.PingAsync()), cancellationToken);
            bool isPrimary = ((string)await replication).Contains("role:master", StringComparison.Ordinal);
            if (isPrimary && _options.Endpoints.Contains(','))
            {
                Task<RedisValue[]> owner = _database.HashGetAsync(new RedisNames(_options.Prefix).Slots, AnySlot);
                await WithinAsync(owner, cancellationToken);
                Volatile.Write(ref _claimEpoch, (await owner)[0] is { IsNull: false } claim ? (long)RedisOwner.Parse(claim!).Epoch : 0);
            }

            RedisRole role = isPrimary ? RedisRole.Primary : RedisRole.Replica;
            if (Role == RedisRole.Unknown)
            {
                Role = role;
            }

            return Role == role ? null : isPrimary ? "it has become the primary" : "it has become a replica";
        }
        catch (Exception e) when (IsFailure(e, cancellationToken))
        {
            return Describe(e);
        }
    }

    private Task Subscribe(RedisSubscription subscription)
    {
        // What a lost link has still queued must not come after what its successor brings.
        Action<RedisChannel, RedisValue> handler = (_, message) =>
        {
            if (!IsLost)
            {
                subscription.Receive((byte[])message);
            }
        };
        _handlers[subscription] = handler;
        return _subscriber.SubscribeAsync(subscription.Channel, handler);
    }

    private Task Unsubscribe(RedisSubscription subscription) =>
        _handlers.Remove(subscription, out Action<RedisChannel, RedisValue>? handler)
            ? _subscriber.UnsubscribeAsync(subscription.Channel, handler)
            : Task.CompletedTask;

    private async Task WithinAsync(Task task, CancellationToken cancellationToken)
    {
        Observe(task);
        await task.WaitAsync(_timeout, cancellationToken);

        // Off the library's thread, which its next answers need.
        await Task.Yield();
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
}
