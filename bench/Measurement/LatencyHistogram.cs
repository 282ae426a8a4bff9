using System.Numerics;

namespace RelayServer.Bench.Measurement;

/// <summary>
/// Counts values from 0 to <see cref="TrackableMax"/> in buckets that are linear inside each power of two, so that
/// every value is known to within 1 part in 1,000 (three significant digits) whatever its size. One writer.
/// </summary>
/// <remarks>
/// Values are nanoseconds here. Larger values are counted in the last bucket; <see cref="Max"/> is exact all the same.
/// </remarks>
internal sealed class LatencyHistogram
{
    // 2^10 steps per power of two: a step is at most 1/1024 of the value.
    private const int StepBits = 10;
    private const int StepCount = 1 << StepBits;
    private const int ValueBits = 36;

    private readonly long[] _counts = new long[(ValueBits - StepBits + 1) * StepCount];

    /// <summary>Largest value with a bucket of its own size: 68.7 seconds in nanoseconds.</summary>
    public const long TrackableMax = (1L << ValueBits) - 1;

    /// <summary>How many values were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value, exactly; 0 when there is none.</summary>
    public long Max { get; private set; }

    /// <summary>Records a value; a negative one counts as 0.</summary>
    public void Record(long value) => Record(value, 1);

    /// <summary>Records the same value <paramref name="times"/> times.</summary>
    public void Record(long value, long times)
    {
        value = Math.Max(value, 0);
        _counts[IndexOf(Math.Min(value, TrackableMax))] += times;
        Count += times;
        Max = Math.Max(Max, value);
    }

    /// <summary>Adds what another histogram has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>
    /// The value that <paramref name="fraction"/> of the recorded ones do not exceed, rounded up to the end of its
    /// bucket; 0 when nothing was recorded.
    /// </summary>
    public long ValueAt(double fraction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fraction, 1);
        if (Count == 0)
        {
            return 0;
        }

        long rank = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        long passed = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            passed += _counts[i];
            if (passed >= rank)
            {
                // The last bucket also holds what is above the range: only the exact maximum is known of that.
                return i == _counts.Length - 1 ? Max : Math.Min(HighestOf(i), Max);
            }
        }

        return Max;
    }

    // Buckets 0..2*StepCount-1 are one wide; from there each power of two has StepCount buckets of twice the width.
    private static int IndexOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - StepBits);
        return (shift << StepBits) + (int)(value >> shift);
    }

    private static long HighestOf(int index)
    {
        int shift = Math.Max(0, (index >> StepBits) - 1);
        long step = index - ((long)shift << StepBits);
        return ((step + 1) << shift) - 1;
    }
}
