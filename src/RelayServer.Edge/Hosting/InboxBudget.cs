namespace RelayServer.Edge.Hosting;

/// <summary>Bounds the bytes that wait in the inbox: whoever puts some in while it is full waits until it is not.</summary>
internal sealed class InboxBudget(int bytesMax)
{
    private readonly Lock _lock = new();
    private long _usedBytes;
    private TaskCompletionSource? _room;

    public long UsedBytes => Volatile.Read(ref _usedBytes);

    /// <summary>Waits until there is room, and takes it. More than the whole is let in when nothing else is.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken cancellationToken) =>
        TryTake(bytes, out Task room) ? ValueTask.CompletedTask : new ValueTask(TakeLaterAsync(bytes, room, cancellationToken));

    private async Task TakeLaterAsync(int bytes, Task room, CancellationToken cancellationToken)
    {
        do
        {
            await room.WaitAsync(cancellationToken);
        }
        while (!TryTake(bytes, out room));
    }

    private bool TryTake(int bytes, out Task room)
    {
        lock (_lock)
        {
            if (_usedBytes == 0 || _usedBytes + bytes <= bytesMax)
            {
                _usedBytes += bytes;
                room = Task.CompletedTask;
                return true;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
            return false;
        }
    }

    public void Return(int bytes)
    {
        TaskCompletionSource? room = null;
        lock (_lock)
        {
            _usedBytes -= bytes;
            room = _room;
            _room = null;
        }

        room?.SetResult();
    }
}
