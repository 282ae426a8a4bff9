using System.Collections.Concurrent;
using RelayServer.Fabric;

namespace RelayServer.IntegrationTests.Master;

/// <summary>A fabric that answers the first subscriptions and claims with these failures, one each, and then with success.</summary>
internal sealed class RefusingFabric(params Exception[] failures) : IFabric
{
    private readonly ConcurrentQueue<Exception> _failures = new(failures);

    public event Action<bool>? ConnectionChanged
    {
        add { }
        remove { }
    }

    public bool IsConnected => true;

    public string? NotReadyReason => null;

    public Task<IReadOnlyList<SlotOwner>> ClaimSlotsAsync(string masterId, ulong epochFloor, CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyList<SlotOwner>>([.. Enumerable.Range(0, Slot.Count).Select(slot => new SlotOwner(slot, masterId, epochFloor + 1))]);

    public Task<IReadOnlyList<SlotOwner>> ReadSlotsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SlotOwner>>([]);

    public ValueTask<bool> SendAsync(FabricAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => new(true);

    public Task<IAsyncDisposable> SubscribeAsync(
        FabricAddress address, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) =>
        AnswerAsync<IAsyncDisposable>(new MemoryStream());

    public ValueTask<FlushStatus> FlushAsync(FabricFlush flush, CancellationToken cancellationToken) => new(FlushStatus.Committed);

    public Task<LogPage> ReadFromAsync(LogKey log, ulong epoch, ulong seq, int bytesMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<LogPage> ReadTailAsync(LogKey log, int messages, int bytesMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<LogList> ListLogsAsync(ulong cursor, int max, CancellationToken cancellationToken) => Task.FromResult(new LogList([], 0));

    public Task<byte[]?> ReadRecordAsync(string name, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public Task<RecordList> ListRecordsAsync(ulong cursor, int max, CancellationToken cancellationToken) => Task.FromResult(new RecordList([], 0));

    public ValueTask DisposeAsync() => default;

    private Task<T> AnswerAsync<T>(T answer) =>
        _failures.TryDequeue(out Exception? failure) ? Task.FromException<T>(failure) : Task.FromResult(answer);
}
