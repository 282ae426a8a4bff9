using System.Net;
using System.Net.Sockets;

namespace RelayServer.Guards;

/// <summary>What of a client's address is counted: all of IPv4, and of IPv6 the network, of which one client has all addresses.</summary>
/// <param name="Client">The text that is counted for the client.</param>
/// <param name="Site">The one for all networks that one customer of a provider may have; null for IPv4.</param>
public sealed record ClientAddress(string Client, string? Site)
{
    private const int NetworkBytes = 8;
    private const int SiteBytes = 6;
    private const int TranslatedBytes = 12;

    // 64:ff9b::/96: an IPv4 address behind a translator (RFC 6052).
    private static readonly byte[] Translated = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>What counts for an address; null is one that is not known.</summary>
    public static ClientAddress Of(IPAddress? address)
    {
        if (address is null)
        {
            return new ClientAddress("unknown", null);
        }

        byte[] bytes = address.GetAddressBytes();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return new ClientAddress(address.ToString(), null);
        }

        if (address.IsIPv4MappedToIPv6 || bytes.AsSpan(0, TranslatedBytes).SequenceEqual(Translated))
        {
            return new ClientAddress(new IPAddress(bytes.AsSpan(TranslatedBytes)).ToString(), null);
        }

        return new ClientAddress(Convert.ToHexStringLower(bytes.AsSpan(0, NetworkBytes)), Convert.ToHexStringLower(bytes.AsSpan(0, SiteBytes)));
    }
}
