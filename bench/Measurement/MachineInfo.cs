using System.Globalization;
using System.Runtime.InteropServices;

namespace RelayServer.Bench.Measurement;

/// <summary>Where and with what a run was made.</summary>
/// <param name="Machine">Processor, cores, memory, system.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Commit">The commit that was measured, with a mark when the files had changed since.</param>
/// <param name="CommandLine">What was typed.</param>
/// <param name="At">When.</param>
internal sealed record MachineInfo(string Machine, string Runtime, string Commit, string CommandLine, DateTimeOffset At)
{
    private const string CommitVariable = "RELAY_BENCH_COMMIT";
    private const double BytesPerGibibyte = 1024.0 * 1024 * 1024;

    /// <summary>Reads it all.</summary>
    public static MachineInfo Read(IEnumerable<string> arguments) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Processor()}, {Environment.ProcessorCount} cores, {MemoryBytes() / BytesPerGibibyte:F0} GiB, {RuntimeInformation.OSDescription}"),
        RuntimeInformation.FrameworkDescription,
        Environment.GetEnvironmentVariable(CommitVariable) ?? "unknown",
        "bench/run " + string.Join(' ', arguments),
        DateTimeOffset.UtcNow);

    private static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?
        .Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static double MemoryBytes() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
