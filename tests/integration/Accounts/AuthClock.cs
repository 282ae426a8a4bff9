namespace RelayServer.IntegrationTests.Accounts;

/// <summary>A clock that goes on only when told. Timers are real ones.</summary>
internal sealed class AuthClock : TimeProvider
{
    private readonly Lock _setting = new();
    private DateTimeOffset _now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_setting)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan time)
    {
        lock (_setting)
        {
            _now += time;
        }
    }

    public void AdvanceSeconds(double seconds) => Advance(TimeSpan.FromSeconds(seconds));
}
