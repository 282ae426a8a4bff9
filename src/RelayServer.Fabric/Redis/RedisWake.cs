namespace RelayServer.Fabric;

// Never disposed: the library calls late, and without a wait handle there is nothing to dispose of.
#pragma warning disable CA1001
/// <summary>Wakes one loop; calls while it is awake are kept as one.</summary>
internal sealed class RedisWake
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _set = new(0, 1);

    public void Set()
    {
        try
        {
            _set.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is going to look anyway.
        }
    }

    /// <summary>Returns when it was set, or the time is over.</summary>
    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => _set.WaitAsync(timeout, cancellationToken);
}
