namespace RelayServer.UnitTests.Master;

/// <summary>A clock that goes on when the test says so, to the moment that is waited for next.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly List<Wait> _waits = [];
    private DateTimeOffset _now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public bool IsWaitedFor => _waits.Count > 0;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    /// <summary>Ends the wait that is due next; how long it was.</summary>
    public TimeSpan Step()
    {
        Wait wait = Assert.Single(_waits);
        _waits.Clear();
        _now += wait.Due;
        wait.End();
        return wait.Due;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var wait = new Wait(this, dueTime, () => callback(state));
        _waits.Add(wait);
        return wait;
    }

    private sealed class Wait(SteppedTime time, TimeSpan due, Action end) : ITimer
    {
        public TimeSpan Due => due;

        public void End() => end();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => time._waits.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
