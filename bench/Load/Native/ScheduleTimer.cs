using System.ComponentModel;
using System.Runtime.InteropServices;
using RelayServer.Bench.Measurement;

namespace RelayServer.Bench.Load.Native;

/// <summary>A timer that a <see cref="Poller"/> can wait for, finer than the milliseconds of its timeout.</summary>
internal sealed unsafe class ScheduleTimer : IDisposable
{
    private const int NonBlocking = 0x800;

    /// <summary>Makes a timer that is not set.</summary>
    public ScheduleTimer()
    {
        Descriptor = Libc.TimerCreate(Libc.ClockMonotonic, NonBlocking);
        if (Descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "timerfd_create failed");
        }
    }

    /// <summary>What to add to the poller.</summary>
    public int Descriptor { get; }

    /// <summary>Makes the descriptor ready at a time of <see cref="Clock"/>, which on Linux is the monotonic clock.</summary>
    public void Set(long atNanoseconds)
    {
        // Zero would unset it.
        long at = Math.Max(1, atNanoseconds);
        long* times = stackalloc long[4];
        times[0] = 0;
        times[1] = 0;
        times[2] = at / Clock.NanosecondsPerSecond;
        times[3] = at % Clock.NanosecondsPerSecond;
        if (Libc.TimerSet(Descriptor, Libc.TimerAbsolute, times, null) < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "timerfd_settime failed");
        }
    }

    /// <summary>Makes the descriptor not ready until it is set again.</summary>
    public void Acknowledge()
    {
        long expirations;
        _ = Libc.Read(Descriptor, &expirations, sizeof(long));
    }

    /// <inheritdoc />
    public void Dispose() => _ = Libc.Close(Descriptor);
}
