using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace RelayServer.Cli.Chat;

/// <summary>
/// The standard output as a pipe. That its reader has gone is told to a program only when it writes, and in a quiet room
/// there is nothing to write: so the system is asked, with poll(2), a few times a second.
/// </summary>
internal static class OutputPipe
{
    private const int StandardOutput = 1;
    private const short PollError = 0x08;
    private const short PollHangUp = 0x10;

    // EPIPE, and what Windows has for it: ERROR_BROKEN_PIPE and ERROR_NO_DATA.
    private static readonly int[] BrokenPipe = [32, unchecked((int)0x8007006D), unchecked((int)0x800700E8)];

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Completes when nobody reads the standard output any more.</summary>
    [UnsupportedOSPlatform("windows")]
    public static async Task WhenClosedAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (!IsClosed())
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>True for what a write to a pipe without a reader throws.</summary>
    public static bool IsClosed(IOException failure) => 
        BrokenPipe.Contains((failure.InnerException as SocketException)?.NativeErrorCode ?? failure.HResult);

    private static bool IsClosed()
    {
        var output = new PollDescriptor { Descriptor = StandardOutput };
        return Poll(ref output, 1, 0) > 0 && (output.ReturnedEvents & (PollError | PollHangUp)) != 0;
    }

    [DllImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }
}
