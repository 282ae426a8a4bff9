namespace RelayServer.Edge.Hosting;

/// <summary>Bounds the bytes that wait in the inbox: whoever puts some in while it is full waits until it is not.</summary>
/// <param name="bytesMax">What may wait.</param>
/// <param name="whole">The budget that this one is a part of: what is taken here is taken there, too.</param>
internal sealed class InboxBudget(int bytesMax, InboxBudget? whole = null)
{
    /// <summary>Counted for each frame besides its bytes: what it makes on its way, such as a PONG, is bounded with it.</summary>
    public const int FrameOverheadBytes = 128;

    /// <summary>Of one session: the others have their turn soon, however much it sends.</summary>
    public const int SessionBytesMax = 256 * 1024;

    private readonly Lock _lock = new();
    private long _usedBytes;
    private TaskCompletionSource? _room;

    public long UsedBytes => Volatile.Read(ref _usedBytes);

    /// <summary>Waits until there is room, and takes it. More than the whole is let in when nothing else is.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken cancellationToken) =>
        !TryTake(bytes, out Task room) ? new ValueTask(TakeLaterAsync(bytes, room, cancellationToken))
        : whole is null ? ValueTask.CompletedTask
        : whole.TakeAsync(bytes, cancellationToken);

    private async Task TakeLaterAsync(int bytes, Task room, CancellationToken cancellationToken)
    {
        do
        {
            await room.WaitAsync(cancellationToken);
        }
        while (!TryTake(bytes, out room));
        if (whole is not null)
        {
            await whole.TakeAsync(bytes, cancellationToken);
        }
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
        whole?.Return(bytes);
    }
}
