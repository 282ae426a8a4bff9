using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace RelayServer.IntegrationTests.Support;

/// <summary>Stands between a client and a server on the loopback, and can do what networks do.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _targetPort;
    private readonly int[] _cuts;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private CancellationTokenSource _forwarding = new();

    /// <param name="targetPort">The server's port on the loopback.</param>
    /// <param name="cuts">After how many bytes, of both directions together, the first connections are cut, one after the other; later ones are not.</param>
    public TcpProxy(int targetPort, params int[] cuts)
    {
        _targetPort = targetPort;
        _cuts = cuts;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>As <c>host:port</c>.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The connections that there were.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>The present connections stay open and carry nothing any more, as when the other end was cut off; new ones work.</summary>
    public async Task FreezeConnectionsAsync() =>
        await Interlocked.Exchange(ref _forwarding, new()).CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await FreezeConnectionsAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                int at = _connections.Count;
                _connections.Add(ServeAsync(client, new StrongBox<long>(at < _cuts.Length ? _cuts[at] : long.MaxValue), _forwarding.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket client, StrongBox<long> bytesLeft, CancellationToken frozen)
    {
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _targetPort, _stop.Token);
                await Task.WhenAny(ForwardAsync(client, server, bytesLeft, frozen), ForwardAsync(server, client, bytesLeft, frozen));
            }
            catch (SocketException)
            {
                // No server: the client's connection ends, too.
            }
        }
    }

    private async Task ForwardAsync(Socket from, Socket to, StrongBox<long> bytesLeft, CancellationToken frozen)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int bytes;
            while ((bytes = await from.ReceiveAsync(buffer, frozen)) > 0)
            {
                long left = Interlocked.Add(ref bytesLeft.Value, -bytes);
                if (left < 0)
                {
                    await to.SendAsync(buffer.AsMemory(0, (int)Math.Max(0, bytes + left)), frozen);
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, bytes), frozen);
            }
        }
        catch (OperationCanceledException)
        {
            // Frozen: keep the sockets open until the end.
            var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration registration = _stop.Token.Register(disposed.SetResult);
            await disposed.Task;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side ended.
        }
    }
}
