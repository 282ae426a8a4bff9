using RelayServer.Bench.Measurement;

namespace RelayServer.UnitTests.Bench;

public sealed class LatencyHistogramTests
{
    private const double Precision = 1.0 / 1000;

    [Fact]
    public void ValueAt_Empty_IsZero() => Assert.Equal(0, new LatencyHistogram().ValueAt(0.5));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(123_456_789)]
    [InlineData(LatencyHistogram.TrackableMax - 1)]
    [InlineData(LatencyHistogram.TrackableMax)]
    public void ValueAt_OneValue_IsThatValue(long value)
    {
        var histogram = new LatencyHistogram();

        histogram.Record(value);

        // The maximum is exact, and no percentile is above it.
        Assert.Equal(value, histogram.ValueAt(0.5));
        Assert.Equal(value, histogram.ValueAt(1));
        Assert.Equal(value, histogram.Max);
    }

    [Fact]
    public void ValueAt_RandomValues_IsWithinOneThousandthAbove()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        var histogram = new LatencyHistogram();
        long[] values = new long[10_000];
        for (int i = 0; i < values.Length; i++)
        {
            // Every size from nanoseconds to a minute, not only the largest ones.
            values[i] = random.NextInt64(1L << random.Next(1, 36));
            histogram.Record(values[i]);
        }

        Array.Sort(values);
        foreach (double fraction in (double[])[0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1])
        {
            long exact = values[Math.Max(0, (int)Math.Ceiling(fraction * values.Length) - 1)];
            long found = histogram.ValueAt(fraction);
            Assert.True(
                found >= exact && found <= exact + (exact * Precision),
                $"seed {seed}: at {fraction} found {found}, exact {exact}");
        }
    }

    [Fact]
    public void Record_Times_CountsAsOften()
    {
        var histogram = new LatencyHistogram();

        histogram.Record(10, 99);
        histogram.Record(1000, 1);

        Assert.Equal(100, histogram.Count);
        Assert.Equal(10, histogram.ValueAt(0.99));
        Assert.Equal(1000, histogram.ValueAt(0.991));
    }

    [Fact]
    public void Record_AboveRange_KeepsExactMaximum()
    {
        var histogram = new LatencyHistogram();

        histogram.Record(5);
        histogram.Record(2 * LatencyHistogram.TrackableMax);

        Assert.Equal(5, histogram.ValueAt(0.5));
        Assert.Equal(2 * LatencyHistogram.TrackableMax, histogram.ValueAt(1));
        Assert.Equal(2 * LatencyHistogram.TrackableMax, histogram.Max);
    }

    [Fact]
    public void Record_Negative_CountsAsZero()
    {
        var histogram = new LatencyHistogram();

        histogram.Record(-1);

        Assert.Equal(1, histogram.Count);
        Assert.Equal(0, histogram.ValueAt(1));
    }

    [Fact]
    public void Add_Other_IsSameAsRecordingAllInOne()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        var first = new LatencyHistogram();
        var second = new LatencyHistogram();
        var all = new LatencyHistogram();
        for (int i = 0; i < 2000; i++)
        {
            long value = random.NextInt64(1_000_000_000);
            (i % 3 == 0 ? first : second).Record(value);
            all.Record(value);
        }

        first.Add(second);

        Assert.Equal(all.Count, first.Count);
        Assert.Equal(all.Max, first.Max);
        for (double fraction = 0; fraction <= 1; fraction += 0.05)
        {
            Assert.True(all.ValueAt(fraction) == first.ValueAt(fraction), $"seed {seed}: differs at {fraction}");
        }
    }
}
