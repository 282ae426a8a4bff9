using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RelayServer.IntegrationTests.Support;

/// <summary>Connections from one of the many addresses of this machine, to listeners that count them.</summary>
internal static class LoopbackClient
{
    /// <summary>The address 127.0.0.NUMBER.</summary>
    public static IPAddress Address(int number) => new([127, 0, 0, (byte)number]);

    public static async Task<Socket> ConnectAsync(IPEndPoint server, IPAddress from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(server, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Is a request of one more connection answered?</summary>
    public static async Task<bool> IsServedAsync(IPEndPoint server, IPAddress from)
    {
        try
        {
            using Socket socket = await ConnectAsync(server, from);
            await socket.SendAsync(Encoding.ASCII.GetBytes("GET /revocations HTTP/1.1\r\nHost: localhost\r\n\r\n"), TestContext.Current.CancellationToken);
            return await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
