namespace RelayServer.Edge.Hosting;

/// <summary>Bounds the bytes that wait in the inbox: whoever puts some in while it is full waits until it is not.</summary>
internal sealed class InboxBudget(int bytesMax)
{
    private readonly Lock _lock = new();
    private long _usedBytes;
    private TaskCompletionSource? _room;

    public long UsedBytes => Volatile.Read(ref _usedBytes);

    public ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _usedBytes += bytes;
            if (_usedBytes <= bytesMax)
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task.WaitAsync(cancellationToken));
        }
    }

    public void Return(int bytes)
    {
        TaskCompletionSource? room = null;
        lock (_lock)
        {
            _usedBytes -= bytes;
            if (_usedBytes <= bytesMax)
            {
                room = _room;
                _room = null;
            }
        }

        room?.SetResult();
    }
}
