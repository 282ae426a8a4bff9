namespace RelayServer.Bench.Measurement;

/// <summary>Events per interval since a start: what the picture of throughput over time is drawn from. One writer.</summary>
internal sealed class RateSeries
{
    /// <summary>Width of an interval.</summary>
    public const long IntervalNanoseconds = 100_000_000;

    private readonly long[] _counts;
    private readonly long _startNanoseconds;

    /// <summary>Covers <paramref name="lengthNanoseconds"/> from a start; what falls outside is not counted.</summary>
    public RateSeries(long startNanoseconds, long lengthNanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthNanoseconds);
        _startNanoseconds = startNanoseconds;
        _counts = new long[(lengthNanoseconds / IntervalNanoseconds) + 1];
    }

    /// <summary>Events of each interval.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Counts events that happened at a time.</summary>
    public void Record(long nowNanoseconds, int events)
    {
        long index = (nowNanoseconds - _startNanoseconds) / IntervalNanoseconds;
        if (nowNanoseconds >= _startNanoseconds && index < _counts.Length)
        {
            _counts[index] += events;
        }
    }

    /// <summary>Adds the counts of a series with the same start and length.</summary>
    public void Add(RateSeries other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }
}
