using System.Threading.Channels;

namespace RelayServer.UnitTests.Edge;

/// <summary>A clock that the test moves, and that says which waits begin. For several threads.</summary>
internal sealed class HandTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Wait> _waits = [];
    private readonly Channel<TimeSpan> _begun = Channel.CreateUnbounded<TimeSpan>();
    private long _ticks = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    /// <summary>How long the next wait is that begins, or has begun and was not asked for yet.</summary>
    public ValueTask<TimeSpan> NextWaitAsync() => _begun.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Moves on, and ends what is due then.</summary>
    public void Advance(TimeSpan by)
    {
        Wait[] due;
        lock (_lock)
        {
            _ticks += by.Ticks;
            due = [.. _waits.Where(wait => wait.DueTicks <= _ticks)];
            _waits.RemoveAll(wait => wait.DueTicks <= _ticks);
        }

        Array.ForEach(due, wait => wait.End());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            var wait = new Wait(this, _ticks + dueTime.Ticks, () => callback(state));
            _waits.Add(wait);
            _begun.Writer.TryWrite(dueTime);
            return wait;
        }
    }

    private sealed class Wait(HandTime time, long dueTicks, Action end) : ITimer
    {
        public long DueTicks => dueTicks;

        public void End() => end();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (time._lock)
            {
                time._waits.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
