using System.ComponentModel;
using System.Runtime.InteropServices;

namespace RelayServer.Bench.Load.Native;

/// <summary>Waits until some of many descriptors have bytes to read; each is known by a number that its owner gives.</summary>
internal sealed unsafe class Poller : IDisposable
{
    private const int ReadyMax = 512;

    // struct epoll_event is packed on x86-64 and aligned elsewhere: 4 bytes of events, then 8 bytes of data.
    private static readonly bool Packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int EntryBytes = Packed ? 12 : 16;
    private static readonly int DataOffset = Packed ? 4 : 8;

    private readonly int _epoll;
    private readonly byte* _ready;

    /// <summary>Makes a poller without descriptors.</summary>
    public Poller()
    {
        _epoll = Check(Libc.EpollCreate(0), "epoll_create1");
        _ready = (byte*)NativeMemory.AllocZeroed((nuint)(ReadyMax * EntryBytes));
    }

    /// <summary>Watches a descriptor for bytes to read. May be called while another thread waits.</summary>
    public void Add(int descriptor, int number)
    {
        byte* entry = stackalloc byte[EntryBytes];
        *(uint*)entry = Libc.EpollIn;
        *(long*)(entry + DataOffset) = number;
        Check(Libc.EpollControl(_epoll, Libc.EpollAdd, descriptor, entry), "epoll_ctl");
    }

    /// <summary>Watches a descriptor no longer.</summary>
    public void Remove(int descriptor)
    {
        byte* entry = stackalloc byte[EntryBytes];
        Check(Libc.EpollControl(_epoll, Libc.EpollDelete, descriptor, entry), "epoll_ctl");
    }

    /// <summary>Waits for at most a time; returns how many descriptors are ready.</summary>
    public int Wait(int timeoutMilliseconds)
    {
        int ready = Libc.EpollWait(_epoll, _ready, ReadyMax, timeoutMilliseconds);
        return ready < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted ? 0 : Check(ready, "epoll_wait");
    }

    /// <summary>The number of a descriptor that is ready.</summary>
    public int Ready(int index) => (int)*(long*)(_ready + (index * EntryBytes) + DataOffset);

    /// <inheritdoc />
    public void Dispose()
    {
        _ = Libc.Close(_epoll);
        NativeMemory.Free(_ready);
    }

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call} failed");
}
