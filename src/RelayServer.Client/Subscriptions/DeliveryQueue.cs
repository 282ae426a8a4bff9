namespace RelayServer.Client;

/// <summary>
/// What was received for one channel and not read yet, bounded in bytes. One writer (the connection's read loop), one
/// reader (whoever enumerates the subscription).
/// </summary>
internal sealed class DeliveryQueue(int bytesMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<object> _items = new();
    private readonly WakeSignal _readable = new();
    private TaskCompletionSource? _room;
    private int _neededBytes;
    private int _bytes;
    private bool _completed;
    private Exception? _failure;

    /// <summary>The reader has read half of what fits, or more.</summary>
    public bool IsHalfEmpty
    {
        get
        {
            lock (_gate)
            {
                return _bytes <= bytesMax / 2;
            }
        }
    }

    /// <summary>Adds a batch or an event unless the queue is full. An empty queue takes one item of any size.</summary>
    public bool TryEnqueue(object item)
    {
        int bytes = SizeOf(item);
        lock (_gate)
        {
            if (_completed)
            {
                return true;
            }

            if (!Fits(bytes))
            {
                return false;
            }

            _items.Enqueue(item);
            _bytes += bytes;
        }

        _readable.Set();
        return true;
    }

    /// <summary>Completes when an item would fit. For the writer only.</summary>
    public Task WhenFitsAsync(object item)
    {
        lock (_gate)
        {
            _neededBytes = SizeOf(item);
            if (Fits(_neededBytes))
            {
                return Task.CompletedTask;
            }

            _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Takes the next batch or event.</summary>
    public bool TryDequeue(out object? item)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            if (!_items.TryDequeue(out item))
            {
                return false;
            }

            _bytes -= SizeOf(item);
            if (Fits(_neededBytes))
            {
                (room, _room) = (_room, null);
            }
        }

        room?.TrySetResult();
        return true;
    }

    /// <summary>Waits until <see cref="TryDequeue"/> is worth trying. False when nothing will come any more.</summary>
    /// <exception cref="RelayException">The membership failed; what came before it has been read.</exception>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static signal => ((WakeSignal)signal!).Set(), _readable);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (_items.Count > 0)
                {
                    return true;
                }

                if (_completed)
                {
                    ClientFailure.ThrowIfAny(_failure);
                    return false;
                }
            }

            await _readable.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Nothing more will be added; the reader ends, or fails, after what is there.</summary>
    public void Complete(Exception? failure)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            if (_completed)
            {
                return;
            }

            _completed = true;
            _failure = failure;
            (room, _room) = (_room, null);
        }

        room?.TrySetResult();
        _readable.Set();
    }

    private bool Fits(int bytes) => _completed || _items.Count == 0 || _bytes + bytes <= bytesMax;

    private static int SizeOf(object item) => item is DeliveredBatch batch ? batch.Body.Length : ((RelayEvent)item).QueueBytes;
}
