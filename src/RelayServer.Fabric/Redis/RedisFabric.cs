using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace RelayServer.Fabric;

/// <summary>
/// The fabric of many processes: messages go through Redis's publish and subscribe, logs are Redis streams, and one
/// script makes a flush.
/// </summary>
public sealed class RedisFabric : IFabric
{
    private static readonly FabricMetrics Metrics = FabricMetrics.Redis;
    private static readonly RedisScript Flush = new(FlushScript.Text);
    private static readonly RedisScript Claim = new(ClaimScript.Text);

    // What no server's run_id is.
    private const string NoStore = "-";

    private readonly RedisFabricOptions _options;
    private readonly ILogger _logger;
    private readonly RedisNames _names;
    private readonly RedisConnection _connection;
    private readonly RedisLogReader _reader;
    private readonly RedisRecordReader _records;
    private readonly ConcurrentDictionary<Inbox, byte> _inboxes = new();
    private volatile string _storeId = NoStore;
    private int _disposed;

    private RedisFabric(RedisFabricOptions options, ILogger logger, RedisConnection connection)
    {
        _options = options;
        _logger = logger;
        _names = new(options.Prefix);
        _connection = connection;
        _reader = new(connection, _names);
        _records = new(connection, _names);
        Metrics.Opened();
    }

    /// <inheritdoc/>
    public event Action<bool>? ConnectionChanged
    {
        add => _connection.Signal.Changed += value;
        remove => _connection.Signal.Changed -= value;
    }

    /// <inheritdoc/>
    public bool IsConnected => _connection.Signal.IsConnected;

    /// <inheritdoc/>
    public string? NotReadyReason => IsConnected ? null : _connection.NotReadyReason ?? "connecting";

    /// <summary>
    /// Connects. When Redis cannot be reached this returns all the same, not connected, and goes on trying: see
    /// <see cref="IsConnected"/>.
    /// </summary>
    /// <exception cref="FabricException">An option makes no sense.</exception>
    public static async Task<RedisFabric> ConnectAsync(
        RedisFabricOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        options.Validate();
        ILogger logger = loggers.CreateLogger<RedisFabric>();
        return new(options, logger, await RedisConnection.OpenAsync(options, logger, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SlotOwner>> ClaimSlotsAsync(string masterId, ulong epochFloor, CancellationToken cancellationToken)
    {
        FlushCheck.RequireMasterId(masterId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(epochFloor, FabricLimits.NumberMax);
        RedisKey[] keys = [_names.Slots];
        RedisValue[] values =
            [masterId, epochFloor.ToString(CultureInfo.InvariantCulture), Slot.Count, _names.Address(FabricAddress.Slots)];
        var answer = (RedisResult[])await AskAsync(
            FabricMetrics.ClaimSlots,
            "a claim",
            () => _connection.RunAsync(database => Claim.RunAsync(database, keys, values), 0, cancellationToken));
        ulong epoch = ulong.Parse((string)answer[0], CultureInfo.InvariantCulture);
        _storeId = (string)answer[1];
        RedisLog.Claimed(_logger, masterId, epoch, _storeId);
        return [.. Enumerable.Range(0, Slot.Count).Select(slot => new SlotOwner(slot, masterId, epoch))];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SlotOwner>> ReadSlotsAsync(CancellationToken cancellationToken)
    {
        HashEntry[] table = await AskAsync(
            FabricMetrics.ReadSlots,
            "HGETALL",
            () => _connection.RunAsync(database => database.HashGetAllAsync(_names.Slots), 0, cancellationToken));
        return [.. table.Select(ParseOwner).OrderBy(owner => owner.Slot)];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SendAsync(FabricAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        FlushCheck.RequireMessage(to, message);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();

        // Before anything is awaited: the caller uses the buffer again when this returns.
        byte[] copy = message.ToArray();
        try
        {
            await _connection.RunAsync(
                database => database.PublishAsync(_names.Address(to), copy), copy.Length, cancellationToken);
        }
        catch (FabricUnavailableException)
        {
            return false;
        }
        catch (RedisServerException e)
        {
            _connection.Refusals.Explain(_connection.Endpoint, "a message", e);
            return false;
        }

        Metrics.Sent();
        return true;
    }

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> SubscribeAsync(
        FabricAddress address, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken)
    {
        FlushCheck.RequireAddress(address);
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        var inbox = new Inbox(address, handler, _options.SubscriberQueueBytesMax, Metrics, _logger);
        var wanted = new RedisSubscription(_names.Address(address), message => inbox.Post(message));
        var subscription = new Subscription(async () =>
        {
            _inboxes.TryRemove(inbox, out _);
            await _connection.UnsubscribeAsync(wanted);
            await inbox.CloseAsync();
        });
        _inboxes.TryAdd(inbox, 0);
        try
        {
            await _connection.SubscribeAsync(wanted, cancellationToken);
            return subscription;
        }
        catch (OperationCanceledException)
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FlushStatus> FlushAsync(FabricFlush flush, CancellationToken cancellationToken)
    {
        int bytes = FlushCheck.MeasureBytes(flush);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        long started = Stopwatch.GetTimestamp();
        int answer;
        try
        {
            answer = (int)await _connection.RunAsync(
                database => Flush.RunAsync(
                    database, FlushScript.Keys(flush, _names), FlushScript.Values(flush, _names, _storeId)),
                bytes,
                cancellationToken);
        }
        catch (FabricUnavailableException)
        {
            return FlushStatus.Unavailable;
        }
        catch (RedisServerException e)
        {
            _connection.Refusals.Explain(_connection.Endpoint, "a flush", e);
            return FlushStatus.Unavailable;
        }

        switch (answer)
        {
            case FlushScript.Committed:
                Metrics.Flushed(Stopwatch.GetElapsedTime(started), flush.Appends.Count, bytes, flush.Relays.Count);
                return FlushStatus.Committed;
            case FlushScript.Fenced:
                return FlushStatus.Fenced;
            case FlushScript.StoreChanged:
                RedisLog.StoreChanged(_logger, _connection.Endpoint);
                return FlushStatus.StoreChanged;
            default:
                FabricAppend append = flush.Appends[answer - FlushScript.LogBeyond - 1];
                FabricLog.LogBeyond(_logger, append.Log.Channel, append.Log.Generation, append.Log.Partition, append.Epoch, append.LastSeq);
                return FlushStatus.Fenced;
        }
    }

    /// <inheritdoc/>
    public Task<LogPage> ReadFromAsync(LogKey log, ulong epoch, ulong seq, int bytesMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, FabricLimits.NumberMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seq, FabricLimits.NumberMax);
        return AskAsync(FabricMetrics.ReadFrom, "XRANGE", () => _reader.ReadFromAsync(log, epoch, seq, bytesMax, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<LogPage> ReadTailAsync(LogKey log, int messages, int bytesMax, CancellationToken cancellationToken) =>
        AskAsync(FabricMetrics.ReadTail, "XREVRANGE", () => _reader.ReadTailAsync(log, messages, bytesMax, cancellationToken));

    /// <inheritdoc/>
    public Task<LogList> ListLogsAsync(ulong cursor, int max, CancellationToken cancellationToken)
    {
        FlushCheck.RequireListing(max);
        return AskAsync(FabricMetrics.ListLogs, "SCAN", () => _reader.ListAsync(cursor, max, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<byte[]?> ReadRecordAsync(string name, CancellationToken cancellationToken)
    {
        FlushCheck.RequireRecordName(name);
        return AskAsync(FabricMetrics.ReadRecord, "HGET", () => _records.ReadAsync(name, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<RecordList> ListRecordsAsync(ulong cursor, int max, CancellationToken cancellationToken)
    {
        FlushCheck.RequireRecordListing(max);
        return AskAsync(FabricMetrics.ListRecords, "HSCAN", () => _records.ListAsync(cursor, max, cancellationToken));
    }

    /// <summary>Closes the connections; commands under way are given up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _connection.DisposeAsync();
        foreach (Inbox inbox in _inboxes.Keys)
        {
            await inbox.CloseAsync();
        }

        Metrics.Closed();
    }

    private static SlotOwner ParseOwner(HashEntry entry)
    {
        (ulong epoch, string masterId) = RedisOwner.Parse(entry.Value!);
        return new((int)entry.Name, masterId, epoch);
    }

    private async Task<T> AskAsync<T>(string operation, string command, Func<Task<T>> ask)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        try
        {
            return await Metrics.TimeAsync(operation, ask);
        }
        catch (RedisServerException e)
        {
            throw _connection.Refusals.Explain(_connection.Endpoint, command, e);
        }
    }
}
