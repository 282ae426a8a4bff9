namespace RelayServer.Adapters.Subscriptions;

/// <summary>Wakes one loop when there is something to do; rung while nobody waits, it wakes the next wait.</summary>
internal sealed class Doorbell(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _rung = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes the loop.</summary>
    public void Ring()
    {
        lock (_gate)
        {
            _rung.TrySetResult();
        }
    }

    /// <summary>Waits for a ring, but no longer than so long.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        Task rung;
        lock (_gate)
        {
            rung = _rung.Task;
        }

        try
        {
            await rung.WaitAsync(longest, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return;
        }

        lock (_gate)
        {
            if (_rung.Task.IsCompleted)
            {
                _rung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
