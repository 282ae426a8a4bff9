using System.Diagnostics;

namespace RelayServer.Bench.Measurement;

/// <summary>The one clock of a run: monotonic, the same for every process of the machine.</summary>
internal static class Clock
{
    /// <summary>Nanoseconds of one second.</summary>
    public const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly double NanosecondsPerTick = (double)NanosecondsPerSecond / Stopwatch.Frequency;

    /// <summary>The present time.</summary>
    public static long NowNanoseconds => Stopwatch.Frequency == NanosecondsPerSecond
        ? Stopwatch.GetTimestamp()
        : (long)(Stopwatch.GetTimestamp() * NanosecondsPerTick);

    /// <summary>A duration in nanoseconds.</summary>
    public static long ToNanoseconds(double seconds) => (long)(seconds * NanosecondsPerSecond);

    /// <summary>A duration in seconds.</summary>
    public static double ToSeconds(long nanoseconds) => (double)nanoseconds / NanosecondsPerSecond;
}
