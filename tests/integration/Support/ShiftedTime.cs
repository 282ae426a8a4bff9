namespace RelayServer.IntegrationTests.Support;

/// <summary>The system's clock and timers, with hours that pass at once.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _shiftTicks;

    public void Pass(TimeSpan time) => Interlocked.Add(ref _shiftTicks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _shiftTicks));

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Interlocked.Read(ref _shiftTicks) * ((double)TimestampFrequency / TimeSpan.TicksPerSecond));
}
