using RelayServer.Fabric;

namespace RelayServer.UnitTests.Master;

/// <summary>A store with logs and records to go through, and nothing else.</summary>
internal sealed class SweptLogs : IFabric
{
    public event Action<bool>? ConnectionChanged
    {
        add => throw new NotSupportedException();
        remove => throw new NotSupportedException();
    }

    public List<(LogKey Key, List<LogEntry> Entries)> Logs { get; } = [];

    public List<FabricRecord> Records { get; } = [];

    public List<(ulong Cursor, int Max)> Listed { get; } = [];

    public Exception? Failure { get; set; }

    public bool IsConnected => true;

    public string? NotReadyReason => null;

    public Task<LogList> ListLogsAsync(ulong cursor, int max, CancellationToken cancellationToken)
    {
        if (Failure is not null)
        {
            return Task.FromException<LogList>(Failure);
        }

        Listed.Add((cursor, max));
        int end = Math.Min(Logs.Count, (int)cursor + max);
        return Task.FromResult(new LogList([.. Logs[(int)cursor..end].Select(log => log.Key)], end == Logs.Count ? 0 : (ulong)end));
    }

    public Task<LogPage> ReadFromAsync(LogKey log, ulong epoch, ulong seq, int bytesMax, CancellationToken cancellationToken)
    {
        List<LogEntry> entries = Logs.Single(one => one.Key == log).Entries;
        return Task.FromResult(new LogPage([.. entries.Take(1)], entries.Count > 1));
    }

    public Task<IReadOnlyList<SlotOwner>> ClaimSlotsAsync(string masterId, ulong epochFloor, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SlotOwner>> ReadSlotsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> SendAsync(FabricAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IAsyncDisposable> SubscribeAsync(FabricAddress address, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<FlushStatus> FlushAsync(FabricFlush flush, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<LogPage> ReadTailAsync(LogKey log, int messages, int bytesMax, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<byte[]?> ReadRecordAsync(string name, CancellationToken cancellationToken) => Failure is not null
        ? Task.FromException<byte[]?>(Failure)
        : Task.FromResult(Records.Where(record => record.Name == name).Select(record => record.Body.ToArray()).FirstOrDefault());

    public Task<RecordList> ListRecordsAsync(ulong cursor, int max, CancellationToken cancellationToken)
    {
        if (Failure is not null)
        {
            return Task.FromException<RecordList>(Failure);
        }

        Listed.Add((cursor, max));
        int end = Math.Min(Records.Count, (int)cursor + max);
        return Task.FromResult(new RecordList([.. Records[(int)cursor..end]], end == Records.Count ? 0 : (ulong)end));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
