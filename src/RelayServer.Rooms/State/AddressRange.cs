using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace RelayServer.Rooms;

/// <summary>Ranges of IP addresses as they are banned: <c>203.0.113.0/24</c>, <c>2001:db8::/48</c>, or one address.</summary>
public static class AddressRange
{
    /// <summary>Shortest prefix of an IPv4 range, in bits: nobody bans half of the world by a slip.</summary>
    public const int PrefixBitsMinIPv4 = 8;

    /// <summary>Shortest prefix of an IPv6 range, in bits.</summary>
    public const int PrefixBitsMinIPv6 = 16;

    private const int MappedPrefixBits = 96;

    /// <summary>
    /// Reads a range: an address in its usual form, with a prefix length or without. Bits behind the prefix are cleared, and
    /// IPv4 written as IPv6 becomes IPv4.
    /// </summary>
    public static bool TryParse(string text, out IPNetwork range)
    {
        range = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string written = slash < 0 ? text : text[..slash];
        if (text.Length > RoomLimits.AddressRangeBytesMax || !IPAddress.TryParse(written, out IPAddress? address) || !IsUsual(written, address))
        {
            return false;
        }

        int prefixBits = 8 * address.GetAddressBytes().Length;
        if (slash >= 0
            && (!byte.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out byte given)
                || (prefixBits = given <= prefixBits ? given : -1) < 0))
        {
            return false;
        }

        return TryCreate(address, prefixBits, out range);
    }

    /// <summary>Reads a range that <see cref="TryParse"/> was content with before.</summary>
    internal static IPNetwork Parse(string text) =>
        TryParse(text, out IPNetwork range) ? range : throw new FormatException("not a range of addresses");

    /// <summary>The range of an address and a prefix length, in the one form that equal ranges have; false when it is too wide.</summary>
    internal static bool TryCreate(IPAddress address, int prefixBits, out IPNetwork range)
    {
        range = default;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
            prefixBits -= MappedPrefixBits;
        }

        bool isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        byte[] bytes = address.GetAddressBytes();
        if (prefixBits < (isIPv4 ? PrefixBitsMinIPv4 : PrefixBitsMinIPv6) || prefixBits > 8 * bytes.Length)
        {
            return false;
        }

        for (int bit = prefixBits; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        range = new IPNetwork(new IPAddress(bytes), prefixBits);
        return true;
    }

    /// <summary>The address as a number, among those of its family; IPv4 seen through an IPv6 socket counts as IPv4.</summary>
    internal static UInt128 NumberOf(IPAddress address, out bool isIPv4)
    {
        const ulong MappedPrefix = 0xffff;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int writtenBytes);
        if (writtenBytes == sizeof(uint))
        {
            isIPv4 = true;
            return BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }

        UInt128 number = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        isIPv4 = number >> (8 * sizeof(uint)) == MappedPrefix;
        return isIPv4 ? (uint)number : number;
    }

    /// <summary>The first and the last address of a range, as numbers.</summary>
    internal static (UInt128 First, UInt128 Last) EndsOf(IPNetwork range)
    {
        UInt128 first = NumberOf(range.BaseAddress, out bool isIPv4);
        int freeBits = (isIPv4 ? 32 : 128) - range.PrefixLength;
        return (first, first | ((UInt128.One << freeBits) - 1));
    }

    // "10.1" and "0x0a.0.0.1" are addresses to the parser, too, but hardly what was meant; a scope has no place in a range.
    private static bool IsUsual(string written, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? !written.Contains('%', StringComparison.Ordinal) && !written.Contains('[', StringComparison.Ordinal) : address.ToString() == written;
}
