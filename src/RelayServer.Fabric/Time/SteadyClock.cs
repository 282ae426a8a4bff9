namespace RelayServer.Fabric;

/// <summary>
/// Unix time that never jumps: it follows the wall clock, and when that is set it catches up by running at most half
/// faster or slower. So one number serves for durations and for dates: a set clock neither closes every connection
/// nor makes a lease look as if it had never begun. Safe to use from any thread.
/// </summary>
/// <param name="time">The clock to follow.</param>
public sealed class SteadyClock(TimeProvider time)
{
    private const double CorrectionMax = 0.5;
    private readonly Lock _lock = new();
    private long _timestamp = time.GetTimestamp();
    private double _milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Unix time, in milliseconds; never less than it was.</summary>
    public ulong NowMilliseconds
    {
        get
        {
            lock (_lock)
            {
                long timestamp = time.GetTimestamp();
                double elapsed = time.GetElapsedTime(_timestamp, timestamp).TotalMilliseconds;
                double behind = time.GetUtcNow().ToUnixTimeMilliseconds() - (_milliseconds + elapsed);
                _timestamp = timestamp;
                _milliseconds += elapsed + Math.Clamp(behind, -CorrectionMax * elapsed, CorrectionMax * elapsed);
                return (ulong)_milliseconds;
            }
        }
    }
}
