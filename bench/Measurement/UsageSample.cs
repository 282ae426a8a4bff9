using RelayServer.Bench.Targets;

namespace RelayServer.Bench.Measurement;

/// <summary>CPU time of everything that takes part, at one moment.</summary>
/// <param name="AtNanoseconds">The moment.</param>
/// <param name="ServerCpuSeconds">Of each server process.</param>
/// <param name="GeneratorCpuSeconds">Of this process.</param>
/// <param name="LoopCpuSeconds">Of each thread of this process that was asked for.</param>
/// <param name="MachineCpuSeconds">Of everything on the machine.</param>
internal sealed record UsageSample(
    long AtNanoseconds,
    IReadOnlyList<double> ServerCpuSeconds,
    double GeneratorCpuSeconds,
    IReadOnlyList<double> LoopCpuSeconds,
    double MachineCpuSeconds)
{
    /// <summary>CPU time of everything that does not take part; also what the kernel does for nobody in particular.</summary>
    public double OtherCpuSeconds => Math.Max(0, MachineCpuSeconds - GeneratorCpuSeconds - ServerCpuSeconds.Sum());

    /// <summary>Takes a sample now.</summary>
    public static UsageSample Take(IReadOnlyList<TargetProcess> processes, IReadOnlyList<ThreadUsage> threads) => new(
        Clock.NowNanoseconds,
        [.. processes.Select(process => ProcessStat.CpuSeconds(process.ProcessId))],
        ProcessStat.CpuSeconds(Environment.ProcessId),
        [.. threads.Select(thread => thread.CpuSeconds)],
        ProcessStat.MachineBusySeconds());

    /// <summary>What was used since an earlier sample.</summary>
    public UsageSample Since(UsageSample earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return new UsageSample(
            AtNanoseconds - earlier.AtNanoseconds,
            [.. ServerCpuSeconds.Zip(earlier.ServerCpuSeconds, (now, before) => now - before)],
            GeneratorCpuSeconds - earlier.GeneratorCpuSeconds,
            [.. LoopCpuSeconds.Zip(earlier.LoopCpuSeconds, (now, before) => now - before)],
            MachineCpuSeconds - earlier.MachineCpuSeconds);
    }
}
