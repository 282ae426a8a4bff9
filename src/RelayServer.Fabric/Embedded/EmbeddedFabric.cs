using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace RelayServer.Fabric;

/// <summary>
/// The fabric of one process: messages go from thread to thread, the log is a SQLite file. One process at a time has
/// the data folder.
/// </summary>
public sealed class EmbeddedFabric : IFabric
{
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);
    private static readonly FabricMetrics Metrics = FabricMetrics.Embedded;

    private readonly EmbeddedFabricOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FolderLock _folder;
    private readonly StoreFile _file;
    private readonly LogWriter _writer;
    private readonly ReaderPool _readers;
    private readonly WriteThread _thread;
    private readonly ITimer _probes;
    private readonly EmbeddedBus _bus = new();
    private readonly ConnectionSignal _connection;
    private int _disposed;

    private EmbeddedFabric(
        EmbeddedFabricOptions options, TimeProvider time, ILogger logger, FolderLock folder, StoreFile file, LogWriter writer)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _folder = folder;
        _file = file;
        _writer = writer;
        _readers = new(file, options.ReadersMax);
        _thread = new(options.PendingWritesMax);
        _connection = new(Metrics, logger);
        Metrics.Opened();
        _connection.Begin(connected: true);
        _probes = time.CreateTimer(_ => ProbeWhenFailed(), null, ProbePeriod, ProbePeriod);
    }

    /// <inheritdoc/>
    public event Action<bool>? ConnectionChanged
    {
        add => _connection.Changed += value;
        remove => _connection.Changed -= value;
    }

    /// <summary>True while the database can be written.</summary>
    public bool IsConnected => _connection.IsConnected;

    /// <inheritdoc/>
    public string? NotReadyReason => IsConnected ? null : $"cannot write {_file.Path}";

    /// <summary>Opens the data folder, making or upgrading its database.</summary>
    /// <exception cref="FabricException">
    /// The folder is in use, cannot be written, or holds a database that is damaged, newer or not ours.
    /// </exception>
    public static Task<EmbeddedFabric> OpenAsync(
        EmbeddedFabricOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        options.Validate();
        return Task.Run(() => Open(options, time, loggers.CreateLogger<EmbeddedFabric>()), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SlotOwner>> ClaimSlotsAsync(string masterId, ulong epochFloor, CancellationToken cancellationToken)
    {
        FlushCheck.RequireMasterId(masterId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(epochFloor, FabricLimits.NumberMax);
        ThrowUnlessUsable(cancellationToken);
        return await Metrics.TimeAsync(
            FabricMetrics.ClaimSlots,
            () => _thread.TryRun<IReadOnlyList<SlotOwner>>(() => Claim(masterId, epochFloor))
                ?? throw new FabricUnavailableException($"Too many writes wait for {_file.Path}."));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SlotOwner>> ReadSlotsAsync(CancellationToken cancellationToken)
    {
        ThrowUnlessUsable(cancellationToken);
        return Metrics.TimeAsync(FabricMetrics.ReadSlots, () => Task.FromResult<IReadOnlyList<SlotOwner>>(_writer.Slots.Owners));
    }

    /// <inheritdoc/>
    public ValueTask<bool> SendAsync(FabricAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        FlushCheck.RequireMessage(to, message);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsConnected)
        {
            return ValueTask.FromResult(false);
        }

        if (_bus.HasSubscriber(to))
        {
            _bus.Post(to, message.ToArray());
        }

        Metrics.Sent();
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> SubscribeAsync(
        FabricAddress address, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken)
    {
        FlushCheck.RequireAddress(address);
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        var inbox = new Inbox(address, handler, _options.SubscriberQueueBytesMax, Metrics, _logger);
        _bus.Add(inbox);
        return Task.FromResult<IAsyncDisposable>(new Subscription(() => _bus.RemoveAsync(inbox)));
    }

    /// <inheritdoc/>
    public ValueTask<FlushStatus> FlushAsync(FabricFlush flush, CancellationToken cancellationToken)
    {
        int bytes = FlushCheck.MeasureBytes(flush);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        long started = _time.GetTimestamp();
        Task<FlushStatus>? committed = IsConnected ? _thread.TryRun(() => Commit(flush, bytes, started)) : null;
        return committed is null ? ValueTask.FromResult(FlushStatus.Unavailable) : new(committed);
    }

    /// <inheritdoc/>
    public Task<LogPage> ReadFromAsync(LogKey log, ulong epoch, ulong seq, int bytesMax, CancellationToken cancellationToken)
    {
        ThrowUnlessUsable(cancellationToken);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, FabricLimits.NumberMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seq, FabricLimits.NumberMax);
        return Metrics.TimeAsync(
            FabricMetrics.ReadFrom, () => _readers.ReadAsync(reader => reader.ReadFrom(log, epoch, seq, bytesMax), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<LogPage> ReadTailAsync(LogKey log, int messages, int bytesMax, CancellationToken cancellationToken)
    {
        ThrowUnlessUsable(cancellationToken);
        return Metrics.TimeAsync(
            FabricMetrics.ReadTail, () => _readers.ReadAsync(reader => reader.ReadTail(log, messages, bytesMax), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<LogList> ListLogsAsync(ulong cursor, int max, CancellationToken cancellationToken)
    {
        FlushCheck.RequireListing(max);
        ThrowUnlessUsable(cancellationToken);
        return Metrics.TimeAsync(FabricMetrics.ListLogs, () => _readers.ReadAsync(reader => reader.List(cursor, max), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<byte[]?> ReadRecordAsync(string name, CancellationToken cancellationToken)
    {
        FlushCheck.RequireRecordName(name);
        ThrowUnlessUsable(cancellationToken);
        return Metrics.TimeAsync(FabricMetrics.ReadRecord, () => _readers.ReadAsync(reader => reader.Record(name), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<RecordList> ListRecordsAsync(ulong cursor, int max, CancellationToken cancellationToken)
    {
        FlushCheck.RequireRecordListing(max);
        ThrowUnlessUsable(cancellationToken);
        return Metrics.TimeAsync(
            FabricMetrics.ListRecords, () => _readers.ReadAsync(reader => reader.ListRecords(cursor, max), cancellationToken));
    }

    /// <summary>Finishes the writes that were taken, then closes the database and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _probes.DisposeAsync();
        await Task.Run(_thread.Dispose);
        await _bus.CloseAsync();
        await _readers.DisposeAsync();
        _writer.Dispose();
        _folder.Dispose();
        _connection.Set(false);
        Metrics.Closed();
    }

    private static EmbeddedFabric Open(EmbeddedFabricOptions options, TimeProvider time, ILogger logger)
    {
        FolderLock folder = FolderLock.Take(options.DataFolder);
        var file = new StoreFile(options);
        SqliteConnection? connection = null;
        try
        {
            connection = file.OpenWriter();
            EmbeddedLog.Opened(logger, file.Path, StoreSchema.ReadStoreId(connection), StoreSchema.Version, options.Synchronous);
            return new(options, time, logger, folder, file, new LogWriter(connection, logger));
        }
        catch (Exception e)
        {
            connection?.Dispose();
            folder.Dispose();
            if (e is SqliteException error)
            {
                throw file.Explain(error);
            }

            throw;
        }
    }

    // The three below run on the writing thread.
    private FlushStatus Commit(FabricFlush flush, int bytes, long started)
    {
        FlushStatus status;
        try
        {
            status = _writer.Commit(flush);
        }
        catch (SqliteException e)
        {
            Fail(e);
            return FlushStatus.Unavailable;
        }

        if (status == FlushStatus.Committed)
        {
            foreach (FabricRelay relay in flush.Relays)
            {
                if (_bus.HasSubscriber(relay.To))
                {
                    _bus.Post(relay.To, RelayMessage.Assemble(relay, flush.Appends));
                }
            }

            Metrics.Flushed(_time.GetElapsedTime(started), flush.Appends.Count, bytes, flush.Relays.Count);
        }

        return status;
    }

    private IReadOnlyList<SlotOwner> Claim(string masterId, ulong epochFloor)
    {
        try
        {
            IReadOnlyList<SlotOwner> owners = _writer.Claim(masterId, epochFloor);
            EmbeddedLog.Claimed(_logger, masterId, owners[0].Epoch);
            _bus.Post(FabricAddress.Slots, ReadOnlyMemory<byte>.Empty);
            return owners;
        }
        catch (SqliteException e)
        {
            Fail(e);
            throw _file.Explain(e);
        }
    }

    private bool Probe()
    {
        try
        {
            _writer.Probe();
        }
        catch (SqliteException)
        {
            // Said already when it failed first.
            return false;
        }

        if (_connection.Set(true))
        {
            EmbeddedLog.WriteRecovered(_logger, _file.Path);
        }

        return true;
    }

    private void ProbeWhenFailed()
    {
        if (!IsConnected)
        {
            _thread.TryRun(Probe);
        }
    }

    private void Fail(SqliteException e)
    {
        if (_connection.Set(false))
        {
            EmbeddedLog.WriteFailed(_logger, _file.Path, e.Message);
        }
    }

    private void ThrowUnlessUsable(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsConnected)
        {
            throw new FabricUnavailableException($"{_file.Path} cannot be written.");
        }
    }
}
