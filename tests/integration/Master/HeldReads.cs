using RelayServer.Fabric;

namespace RelayServer.IntegrationTests.Master;

/// <summary>A fabric whose reads, once begun, end when the test says so and not before.</summary>
internal sealed class HeldReads(IFabric fabric) : IFabric
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public event Action<bool>? ConnectionChanged
    {
        add => fabric.ConnectionChanged += value;
        remove => fabric.ConnectionChanged -= value;
    }

    /// <summary>Ends when the first read has begun.</summary>
    public Task Begun => _begun.Task;

    public bool IsConnected => fabric.IsConnected;

    public string? NotReadyReason => fabric.NotReadyReason;

    public void Release() => _released.TrySetResult();

    public Task<IReadOnlyList<SlotOwner>> ClaimSlotsAsync(string masterId, ulong epochFloor, CancellationToken cancellationToken) =>
        fabric.ClaimSlotsAsync(masterId, epochFloor, cancellationToken);

    public Task<IReadOnlyList<SlotOwner>> ReadSlotsAsync(CancellationToken cancellationToken) => fabric.ReadSlotsAsync(cancellationToken);

    public ValueTask<bool> SendAsync(FabricAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        fabric.SendAsync(to, message, cancellationToken);

    public Task<IAsyncDisposable> SubscribeAsync(
        FabricAddress address, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) =>
        fabric.SubscribeAsync(address, handler, cancellationToken);

    public ValueTask<FlushStatus> FlushAsync(FabricFlush flush, CancellationToken cancellationToken) =>
        fabric.FlushAsync(flush, cancellationToken);

    public async Task<LogPage> ReadFromAsync(LogKey log, ulong epoch, ulong seq, int bytesMax, CancellationToken cancellationToken)
    {
        _begun.TrySetResult();
        await _released.Task;
        return await fabric.ReadFromAsync(log, epoch, seq, bytesMax, cancellationToken);
    }

    public Task<LogPage> ReadTailAsync(LogKey log, int messages, int bytesMax, CancellationToken cancellationToken) =>
        fabric.ReadTailAsync(log, messages, bytesMax, cancellationToken);

    public Task<LogList> ListLogsAsync(ulong cursor, int max, CancellationToken cancellationToken) =>
        fabric.ListLogsAsync(cursor, max, cancellationToken);

    public Task<byte[]?> ReadRecordAsync(string name, CancellationToken cancellationToken) => fabric.ReadRecordAsync(name, cancellationToken);

    public Task<RecordList> ListRecordsAsync(ulong cursor, int max, CancellationToken cancellationToken) =>
        fabric.ListRecordsAsync(cursor, max, cancellationToken);

    public ValueTask DisposeAsync() => fabric.DisposeAsync();
}
