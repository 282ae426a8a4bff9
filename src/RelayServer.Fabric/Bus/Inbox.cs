using Microsoft.Extensions.Logging;

namespace RelayServer.Fabric;

/// <summary>
/// What is on its way to one subscriber: handed over in order, one at a time, on the thread pool and never on the
/// sender's stack. Bounded in bytes: a subscriber that is too far behind loses what comes next, as with Redis, and
/// edges find and repair the gap.
/// </summary>
internal sealed class Inbox(
    FabricAddress address, Action<ReadOnlyMemory<byte>> handler, long bytesMax, FabricMetrics metrics, ILogger logger)
    : IThreadPoolWorkItem
{
    /// <summary>Counted for each message besides its bytes, so that empty messages are bounded too.</summary>
    public const int MessageOverheadBytes = 64;

    private readonly Lock _lock = new();
    private readonly Queue<ReadOnlyMemory<byte>> _queue = new();
    private long _queuedBytes;
    private long _droppedMessages;
    private bool _draining;
    private bool _closed;
    private int _drainThreadId;
    private TaskCompletionSource? _drained;

    public FabricAddress Address => address;

    /// <summary>Queues a message, or drops it. The bytes must not change any more.</summary>
    public void Post(ReadOnlyMemory<byte> message)
    {
        bool firstDropped = false;
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            int costBytes = message.Length + MessageOverheadBytes;
            if (_queuedBytes > 0 && _queuedBytes + costBytes > bytesMax)
            {
                firstDropped = _droppedMessages++ == 0;
            }
            else
            {
                _queue.Enqueue(message);
                _queuedBytes += costBytes;
                if (!_draining)
                {
                    _draining = true;
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }

                metrics.MessageReceived();
                return;
            }
        }

        metrics.MessageDropped();
        if (firstDropped)
        {
            FabricLog.SubscriberBehind(logger, address.Value, bytesMax);
        }
    }

    /// <summary>
    /// Ends the hand-over: when this returns no handler runs and none will, except the one that called it.
    /// </summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            _queue.Clear();
            _queuedBytes = 0;
            if (!_draining || _drainThreadId == Environment.CurrentManagedThreadId)
            {
                return Task.CompletedTask;
            }

            _drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out ReadOnlyMemory<byte> message, out long droppedMessages))
        {
            if (droppedMessages > 0)
            {
                FabricLog.SubscriberCaughtUp(logger, address.Value, droppedMessages);
            }

            try
            {
                handler(message);
            }
            catch (Exception e)
            {
                // A handler's mistake must not stop the messages behind it, nor the process.
                FabricLog.HandlerFailed(logger, address.Value, e);
            }
        }
    }

    private bool TryTake(out ReadOnlyMemory<byte> message, out long droppedMessages)
    {
        lock (_lock)
        {
            droppedMessages = 0;
            if (_queue.TryDequeue(out message))
            {
                _drainThreadId = Environment.CurrentManagedThreadId;
                _queuedBytes -= message.Length + MessageOverheadBytes;
                if (_queuedBytes <= bytesMax / 2)
                {
                    (droppedMessages, _droppedMessages) = (_droppedMessages, 0);
                }

                return true;
            }

            _draining = false;
            _drainThreadId = 0;
            _drained?.TrySetResult();
            return false;
        }
    }
}
