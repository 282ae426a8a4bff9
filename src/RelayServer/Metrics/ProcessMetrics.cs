using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.InteropServices;
using RelayServer.Hosting;

namespace RelayServer.Metrics;

/// <summary>
/// What every Prometheus client library tells of its process, under the names that dashboards know
/// (<c>process_resident_memory_bytes</c> and so on), and which build this is. Read when scraped.
/// </summary>
internal sealed class ProcessMetrics : IDisposable
{
    private const string MeterName = "RelayServer.Process";

    private readonly Meter _meter = new(MeterName, "1.0");

    public ProcessMetrics(Func<bool> isReady)
    {
        DateTimeOffset started = new(Process.GetCurrentProcess().StartTime.ToUniversalTime());
        double startSeconds = started.ToUnixTimeMilliseconds() / 1000.0;
        _meter.CreateObservableCounter("process.cpu", static () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "User and system CPU time spent");
        _meter.CreateObservableUpDownCounter("process.resident_memory", static () => Environment.WorkingSet, "By", "Resident memory size");
        _meter.CreateObservableGauge("process.start_time", () => startSeconds, "s", "Start time of the process since the Unix epoch");
        _meter.CreateObservableGauge("relay.ready", () => isReady() ? 1 : 0, null, "1 when the process should be given work");
        _meter.CreateObservableGauge("relay.build_info", static () => new Measurement<int>(1, BuildTags), null, "1, labelled with what was built and what it runs on");
        if (OperatingSystem.IsLinux())
        {
            _meter.CreateObservableUpDownCounter("process.open_fds", CountOpenFiles, null, "Open file descriptors");
            _meter.CreateObservableGauge("process.max_fds", ReadOpenFilesMax, null, "The most file descriptors that may be open");
        }
    }

    private static KeyValuePair<string, object?>[] BuildTags { get; } =
    [
        new("version", BuildVersion.Text),
        new("runtime", RuntimeInformation.FrameworkDescription),
    ];

    public void Dispose() => _meter.Dispose();

    // Less one: the handle that lists them.
    private static long CountOpenFiles() => Math.Max(0, Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount() - 1);

    private static long ReadOpenFilesMax()
    {
        const string label = "Max open files";
        string? line = File.ReadLines("/proc/self/limits").FirstOrDefault(candidate => candidate.StartsWith(label, StringComparison.Ordinal));
        string? soft = line?[label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : 0;
    }
}
