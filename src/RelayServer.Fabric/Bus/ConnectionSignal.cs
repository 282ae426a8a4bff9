using Microsoft.Extensions.Logging;

namespace RelayServer.Fabric;

/// <summary>
/// Whether the store can be reached, and who wants to know. Changes are told in order, on the thread pool, outside
/// any lock; a change back and forth is told as both, because messages may have been lost in between.
/// </summary>
internal sealed class ConnectionSignal(FabricMetrics metrics, ILogger logger) : IThreadPoolWorkItem
{
    private const int UntoldMax = 8;

    private readonly Lock _lock = new();
    private readonly Queue<bool> _untold = new();
    private volatile bool _connected;
    private bool _everConnected;
    private bool _telling;

    public event Action<bool>? Changed;

    public bool IsConnected => _connected;

    /// <summary>The state with which the fabric begins: told to nobody, because nobody can listen yet.</summary>
    public void Begin(bool connected)
    {
        lock (_lock)
        {
            Change(connected);
        }
    }

    /// <summary>Takes note of the present state; true when it is news.</summary>
    public bool Set(bool connected)
    {
        lock (_lock)
        {
            if (_connected == connected)
            {
                return false;
            }

            Change(connected);
            if (_untold.Count >= UntoldMax)
            {
                // A listener hangs. Values alternate: dropping a pair keeps the order and the last one right.
                _untold.Dequeue();
                _untold.Dequeue();
            }

            _untold.Enqueue(connected);
            if (!_telling)
            {
                _telling = true;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            return true;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out bool connected))
        {
            try
            {
                Changed?.Invoke(connected);
            }
            catch (Exception e)
            {
                FabricLog.HandlerFailed(logger, nameof(IFabric.ConnectionChanged), e);
            }
        }
    }

    private void Change(bool connected)
    {
        if (_connected != connected)
        {
            metrics.ConnectionIs(connected, _everConnected);
        }

        _connected = connected;
        _everConnected |= connected;
    }

    private bool TryTake(out bool connected)
    {
        lock (_lock)
        {
            _telling = _untold.TryDequeue(out connected);
            return _telling;
        }
    }
}
