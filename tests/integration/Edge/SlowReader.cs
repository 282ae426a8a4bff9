using System.Net;
using System.Net.Sockets;
using RelayServer.IntegrationTests.Support;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>Connections whose kernel takes little, so that a test need not send much to be slow.</summary>
internal static class SlowReader
{
    private const int ReceiveBufferBytes = 8 * 1024;

    public static async Task<WireClient> SignInAsync(IPEndPoint edge, string user)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = ReceiveBufferBytes };
        await socket.ConnectAsync(edge, TestContext.Current.CancellationToken);
        WireClient client = WireClient.Over(new NetworkStream(socket, ownsSocket: true));
        await client.SendHelloAsync();
        await client.SendAuthAsync("user:" + user);
        await client.ReceiveAsync(RelayServer.Protocol.FrameType.Welcome);
        return client;
    }
}
