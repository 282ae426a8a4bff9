using RelayServer.Fabric;

namespace RelayServer.IntegrationTests.Master;

/// <summary>A fabric as another is, but for what a test makes of it.</summary>
internal abstract class ForwardingFabric(IFabric fabric) : IFabric
{
    public event Action<bool>? ConnectionChanged
    {
        add => fabric.ConnectionChanged += value;
        remove => fabric.ConnectionChanged -= value;
    }

    public bool IsConnected => fabric.IsConnected;

    public string? NotReadyReason => fabric.NotReadyReason;

    public Task<IReadOnlyList<SlotOwner>> ClaimSlotsAsync(string masterId, ulong epochFloor, CancellationToken cancellationToken) =>
        fabric.ClaimSlotsAsync(masterId, epochFloor, cancellationToken);

    public Task<IReadOnlyList<SlotOwner>> ReadSlotsAsync(CancellationToken cancellationToken) => fabric.ReadSlotsAsync(cancellationToken);

    public ValueTask<bool> SendAsync(FabricAddress to, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        fabric.SendAsync(to, message, cancellationToken);

    public Task<IAsyncDisposable> SubscribeAsync(
        FabricAddress address, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) =>
        fabric.SubscribeAsync(address, handler, cancellationToken);

    public virtual ValueTask<FlushStatus> FlushAsync(FabricFlush flush, CancellationToken cancellationToken) =>
        fabric.FlushAsync(flush, cancellationToken);

    public virtual Task<LogPage> ReadFromAsync(LogKey log, ulong epoch, ulong seq, int bytesMax, CancellationToken cancellationToken) =>
        fabric.ReadFromAsync(log, epoch, seq, bytesMax, cancellationToken);

    public Task<LogPage> ReadTailAsync(LogKey log, int messages, int bytesMax, CancellationToken cancellationToken) =>
        fabric.ReadTailAsync(log, messages, bytesMax, cancellationToken);

    public Task<LogList> ListLogsAsync(ulong cursor, int max, CancellationToken cancellationToken) =>
        fabric.ListLogsAsync(cursor, max, cancellationToken);

    public Task<byte[]?> ReadRecordAsync(string name, CancellationToken cancellationToken) => fabric.ReadRecordAsync(name, cancellationToken);

    public Task<RecordList> ListRecordsAsync(ulong cursor, int max, CancellationToken cancellationToken) =>
        fabric.ListRecordsAsync(cursor, max, cancellationToken);

    public virtual ValueTask DisposeAsync() => fabric.DisposeAsync();
}
