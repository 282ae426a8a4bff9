namespace RelayServer.Fabric;

/// <summary>What a subscriber holds: ends the subscription once, whoever asks how often.</summary>
internal sealed class Subscription(Func<ValueTask> end) : IAsyncDisposable
{
    private int _ended;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _ended, 1) == 0 ? end() : ValueTask.CompletedTask;
}
