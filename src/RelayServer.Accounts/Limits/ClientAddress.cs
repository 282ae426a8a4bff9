using System.Net;
using System.Net.Sockets;

namespace RelayServer.Accounts.Limits;

/// <summary>What of a client's address is counted: all of IPv4, and of IPv6 the network, of which one client has all addresses.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The text that is counted.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, NetworkBytes))
            : address.ToString();
    }
}
