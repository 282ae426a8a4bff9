using System.Globalization;

namespace RelayServer.Bench.Measurement;

/// <summary>Reads what Linux says of a process or thread.</summary>
internal static class ProcessStat
{
    // USER_HZ, which is what /proc speaks in whatever the kernel's own tick is.
    private const double TicksPerSecond = 100;
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;
    private const int IdleField = 3;
    private const int WaitField = 4;
    private const long BytesPerKibibyte = 1024;

    /// <summary>User and system time of a process, in seconds.</summary>
    public static double CpuSeconds(int processId) => ReadCpuSeconds($"/proc/{processId}/stat");

    /// <summary>Resident memory of a process, in bytes.</summary>
    public static long ResidentBytes(int processId) => ReadStatus(processId, "VmRSS:");

    /// <summary>Highest resident memory of a process so far, in bytes.</summary>
    public static long ResidentBytesPeak(int processId) => ReadStatus(processId, "VmHWM:");

    /// <summary>Reads user and system time from a <c>stat</c> file, in seconds.</summary>
    public static double ReadCpuSeconds(string statFile)
    {
        // The name, in parentheses, may itself have spaces and parentheses: fields are counted after the last one.
        string text = File.ReadAllText(statFile);
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Parse(fields[UserTimeField]) + Parse(fields[SystemTimeField])) / TicksPerSecond;
    }

    /// <summary>CPU time that all cores have spent on anything, in seconds.</summary>
    public static double MachineBusySeconds()
    {
        // cpu user nice system idle iowait irq softirq steal; guest time is in user already.
        long[] times = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Parse)];
        return (times.Sum() - times[IdleField] - times[WaitField]) / TicksPerSecond;
    }

    private static long ReadStatus(int processId, string key)
    {
        foreach (string line in File.ReadLines($"/proc/{processId}/status"))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
            {
                return Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) * BytesPerKibibyte;
            }
        }

        return 0;
    }

    private static long Parse(string number) => long.Parse(number, CultureInfo.InvariantCulture);
}
