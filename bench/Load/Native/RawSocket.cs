using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RelayServer.Bench.Load.Native;

/// <summary>A connected TCP socket that is read and written by system calls that never wait.</summary>
internal sealed unsafe class RawSocket : IDisposable
{
    private readonly Socket _socket;

    private RawSocket(Socket socket)
    {
        _socket = socket;
        Descriptor = (int)socket.Handle;
    }

    /// <summary>What to add to a poller.</summary>
    public int Descriptor { get; }

    /// <summary>Connects, from a given source address when there are more connections than one address has ports.</summary>
    public static RawSocket Connect(IPEndPoint server, IPAddress? source)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (source is not null)
            {
                socket.Bind(new IPEndPoint(source, 0));
            }

            socket.Connect(server);
            return new RawSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads what there is: 0 at the end of the stream, -1 when there is nothing now, -2 when the connection broke.</summary>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* at = buffer)
        {
            nint received = Libc.Receive(Descriptor, at, (nuint)buffer.Length, Libc.MessageDontWait);
            return received >= 0 ? (int)received : Failure();
        }
    }

    /// <summary>Writes what the kernel takes: -1 when that is nothing now, -2 when the connection broke.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes)
        {
            nint sent = Libc.Send(Descriptor, at, (nuint)bytes.Length, Libc.MessageDontWait | Libc.MessageNoSignal);
            return sent >= 0 ? (int)sent : Failure();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    private static int Failure() =>
        Marshal.GetLastPInvokeError() is Libc.ErrorAgain or Libc.ErrorInterrupted ? -1 : -2;
}
