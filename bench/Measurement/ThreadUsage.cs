using RelayServer.Bench.Load.Native;

namespace RelayServer.Bench.Measurement;

/// <summary>CPU time of one thread of this process.</summary>
internal sealed class ThreadUsage
{
    private string? _statFile;
    private double _final;

    /// <summary>Says that the calling thread is the one.</summary>
    public void Attach() => Volatile.Write(ref _statFile, $"/proc/self/task/{Libc.ThreadId()}/stat");

    /// <summary>Keeps the total before the thread ends.</summary>
    public void Detach()
    {
        double total = CpuSeconds;
        Volatile.Write(ref _final, total);
        Volatile.Write(ref _statFile, null);
    }

    /// <summary>User and system time up to now, in seconds.</summary>
    public double CpuSeconds => Volatile.Read(ref _statFile) is { } file ? ProcessStat.ReadCpuSeconds(file) : Volatile.Read(ref _final);
}
