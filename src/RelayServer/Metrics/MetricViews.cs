using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace RelayServer.Metrics;

/// <summary>How instruments are aggregated when they do not say it themselves.</summary>
internal static class MetricViews
{
    private const string Threads = "dotnet.thread_pool.threads";
    private const string QueueLength = "dotnet.thread_pool.queue.length";

    private static readonly double[] SecondsBounds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] BytesBounds =
        [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216];

    private static readonly double[] CountBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384];

    // In Prometheus a name that ends with _count belongs to a histogram.
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["dotnet.assembly.count"] = "dotnet.assemblies",
        ["dotnet.process.cpu.count"] = "dotnet.process.cpus",
        ["dotnet.thread_pool.thread.count"] = Threads,
        ["dotnet.timer.count"] = "dotnet.timers",
    };

    /// <summary>The view of an instrument; null for the SDK's own.</summary>
    public static MetricStreamConfiguration? Of(Instrument instrument)
    {
        if (Renamed.TryGetValue(instrument.Name, out string? name))
        {
            return new MetricStreamConfiguration { Name = name };
        }

        return IsHistogramWithoutBounds(instrument)
            ? new ExplicitBucketHistogramConfiguration { Boundaries = BoundsFor(instrument.Unit), RecordMinMax = false }
            : null;
    }

    /// <summary>True for metrics that the runtime publishes as counters although they fall; a rate over them would be nonsense.</summary>
    public static bool GoesDown(string name) => name is Threads or QueueLength;

    private static double[] BoundsFor(string? unit) => unit switch
    {
        "s" => SecondsBounds,
        "By" => BytesBounds,
        _ => CountBounds,
    };

    private static bool IsHistogramWithoutBounds(Instrument instrument) => instrument switch
    {
        Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries is null,
        Histogram<float> histogram => histogram.Advice?.HistogramBucketBoundaries is null,
        Histogram<long> histogram => histogram.Advice?.HistogramBucketBoundaries is null,
        Histogram<int> histogram => histogram.Advice?.HistogramBucketBoundaries is null,
        Histogram<short> histogram => histogram.Advice?.HistogramBucketBoundaries is null,
        Histogram<byte> histogram => histogram.Advice?.HistogramBucketBoundaries is null,
        _ => false,
    };
}
