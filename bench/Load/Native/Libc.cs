using System.Runtime.InteropServices;

namespace RelayServer.Bench.Load.Native;

/// <summary>
/// The Linux calls that the load generator is made of. It shares its two cores with the server, and nothing costs
/// less per received batch than one epoll_wait for many sockets and one recv each.
/// </summary>
internal static partial class Libc
{
    private const string Library = "libc";

    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const uint EpollIn = 0x1;

    public const int MessageDontWait = 0x40;
    public const int MessageNoSignal = 0x4000;

    public const int ClockMonotonic = 1;
    public const int TimerAbsolute = 1;

    public const int SignalTerminate = 15;

    public const int ErrorInterrupted = 4;
    public const int ErrorAgain = 11;

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static unsafe partial int EpollControl(int epoll, int operation, int descriptor, void* polled);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static unsafe partial int EpollWait(int epoll, void* polled, int polledMax, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static unsafe partial nint Receive(int descriptor, void* buffer, nuint bytes, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static unsafe partial nint Send(int descriptor, void* buffer, nuint bytes, int flags);

    [LibraryImport(Library, EntryPoint = "timerfd_create", SetLastError = true)]
    public static partial int TimerCreate(int clock, int flags);

    [LibraryImport(Library, EntryPoint = "timerfd_settime", SetLastError = true)]
    public static unsafe partial int TimerSet(int timer, int flags, long* intervalThenValue, void* old);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, void* buffer, nuint bytes);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Signal(int processId, int signal);

    [LibraryImport(Library, EntryPoint = "gettid")]
    public static partial int ThreadId();
}
