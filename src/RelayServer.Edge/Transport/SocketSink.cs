using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace RelayServer.Edge.Transport;

/// <summary>
/// Sends straight from shared bytes to the socket under a Kestrel connection: a delivery is one system call and no
/// copy. Kestrel's own output pipe stays empty.
/// </summary>
internal sealed class SocketSink : IOutboundSink
{
    private readonly ConnectionContext _connection;
    private readonly Socket _socket;

    public SocketSink(ConnectionContext connection, Socket socket, int sendBufferBytes)
    {
        _connection = connection;
        _socket = socket;

        // Only calls that do not wait are made on this socket besides Kestrel's asynchronous ones.
        _socket.Blocking = false;
        if (sendBufferBytes > 0)
        {
            _socket.SendBufferSize = sendBufferBytes;
        }
    }

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
            return error switch
            {
                SocketError.Success => sent,
                SocketError.WouldBlock or SocketError.TryAgain or SocketError.NoBufferSpaceAvailable => 0,
                _ => -1,
            };
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return await _socket.SendAsync(bytes, SocketFlags.None);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return -1;
        }
    }

    public void Complete()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }
    }

    public void Abort() => _connection.Abort();
}
