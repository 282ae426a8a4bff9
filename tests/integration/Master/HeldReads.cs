using RelayServer.Fabric;

namespace RelayServer.IntegrationTests.Master;

/// <summary>A fabric whose reads, once begun, end when the test says so and not before.</summary>
internal sealed class HeldReads(IFabric fabric) : ForwardingFabric(fabric)
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the first read has begun.</summary>
    public Task Begun => _begun.Task;

    public void Release() => _released.TrySetResult();

    public override async Task<LogPage> ReadFromAsync(LogKey log, ulong epoch, ulong seq, int bytesMax, CancellationToken cancellationToken)
    {
        _begun.TrySetResult();
        await _released.Task;
        return await base.ReadFromAsync(log, epoch, seq, bytesMax, cancellationToken);
    }
}
