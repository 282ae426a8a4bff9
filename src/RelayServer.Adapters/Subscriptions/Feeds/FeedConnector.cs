using System.Net;
using System.Net.Sockets;

namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>
/// Makes the connections of the fetcher: resolves, checks every address, then connects to one of exactly those. A name that resolves
/// to something else a moment later changes nothing.
/// </summary>
/// <param name="resolve">Finds the addresses of a host.</param>
/// <param name="isAllowed">Whether an address may be connected to.</param>
internal sealed class FeedConnector(Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPAddress, bool> isAllowed)
{
    /// <summary>The system's resolver.</summary>
    public static Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);

    /// <summary>Connects, for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="FeedException">The host has no address, or one that is not allowed.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await FindAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await resolve(host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException problem)
        {
            throw new FeedException("its host name cannot be resolved", problem);
        }

        if (addresses.Length == 0)
        {
            throw new FeedException("its host name has no address");
        }

        // One bad address among good ones is no accident: the name is refused as a whole.
        if (!Array.TrueForAll(addresses, address => isAllowed(address)))
        {
            throw new FeedException("its host is on an address that is not of the public internet; AllowPrivateAddresses would allow it");
        }

        return addresses;
    }
}
