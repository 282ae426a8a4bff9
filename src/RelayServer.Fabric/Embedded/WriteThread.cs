namespace RelayServer.Fabric;

/// <summary>
/// The thread that writes: commits wait for the disk, and that must not hold threads of the pool. Takes a bounded
/// number of jobs, runs them in order.
/// </summary>
internal sealed class WriteThread : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _jobs = new();
    private readonly SemaphoreSlim _ready = new(0);
    private readonly int _jobsMax;
    private readonly Thread _thread;
    private bool _stopping;

    public WriteThread(int jobsMax)
    {
        _jobsMax = jobsMax;
        _thread = new(Run) { IsBackground = true, Name = "relay-store" };
        _thread.Start();
    }

    /// <summary>Queues a job; null when there are too many already, or after <see cref="Dispose"/>.</summary>
    public Task<T>? TryRun<T>(Func<T> job)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_stopping || _jobs.Count >= _jobsMax)
            {
                return null;
            }

            _jobs.Enqueue(() =>
            {
                try
                {
                    done.SetResult(job());
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            });
        }

        _ready.Release();
        return done.Task;
    }

    /// <summary>Runs what was taken, then ends.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        _ready.Release();
        _thread.Join();
        _ready.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _ready.Wait();
            Action? job;
            lock (_lock)
            {
                if (!_jobs.TryDequeue(out job))
                {
                    // Released without a job: only by Dispose, and only once the jobs before it are done.
                    return;
                }
            }

            job();
        }
    }
}
