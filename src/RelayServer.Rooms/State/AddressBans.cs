using System.Net;
using System.Net.Sockets;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The ranges of addresses that are banned.</summary>
internal sealed class AddressBans
{
    private const int FieldCount = 2 + Restriction.FieldCount;
    private const int AddressBytesMax = 16;

    private readonly Dictionary<IPNetwork, Restriction> _byRange = [];

    // The same for looking up, made anew with every change: they are rare, and an edge asks for each member of a room.
    private AddressLookup _lookupIPv4 = AddressLookup.Empty;
    private AddressLookup _lookupIPv6 = AddressLookup.Empty;

    public int Count => _byRange.Count;

    public int EncodedBytesMax =>
        MessagePackWriter.HeadBytesMax + (_byRange.Count * (1 + AddressBytesMax + (FieldCount * MessagePackWriter.IntegerBytesMax)));

    public IEnumerable<KeyValuePair<IPNetwork, Restriction>> All => _byRange;

    /// <summary>What lasts longest of what is in force on an address; null when nothing is.</summary>
    public Restriction? InForce(IPAddress? address, ulong nowMilliseconds)
    {
        if (address is null || _byRange.Count == 0)
        {
            return null;
        }

        UInt128 number = AddressRange.NumberOf(address, out bool isIPv4);
        return (isIPv4 ? _lookupIPv4 : _lookupIPv6).Longest(number) is { } longest && longest.IsInForce(nowMilliseconds) ? longest : null;
    }

    /// <summary>True when nothing is banned here that is not there, and for as long.</summary>
    public bool IsWithin(AddressBans other) => StateList.IsWithin(_byRange, other._byRange);

    public bool Contains(IPNetwork range) => _byRange.ContainsKey(range);

    public bool HasRoomFor(IPNetwork range) => _byRange.Count < RoomLimits.AddressBansMax || _byRange.ContainsKey(range);

    public void Put(IPNetwork range, Restriction restriction)
    {
        _byRange[range] = restriction;
        Index();
    }

    public void Remove(IPNetwork range)
    {
        if (_byRange.Remove(range))
        {
            Index();
        }
    }

    public bool Prune(ulong nowMilliseconds)
    {
        bool any = false;
        foreach ((IPNetwork range, Restriction restriction) in _byRange)
        {
            any |= !restriction.IsInForce(nowMilliseconds) && _byRange.Remove(range);
        }

        if (any)
        {
            Index();
        }

        return any;
    }

    public void Read(scoped ref MessagePackReader reader)
    {
        int count = StateList.ReadCount(ref reader, RoomLimits.AddressBansMax);
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            int extra = reader.ReadTupleHeader(FieldCount);
            ReadOnlySpan<byte> address = reader.ReadBinary(AddressBytesMax);
            int prefixBits = (int)reader.ReadUInt64(8 * AddressBytesMax);
            Restriction restriction = RestrictedUsers.ReadRestriction(ref reader);
            reader.Skip(extra, StateList.OpenLevels);
            if (reader.Status == DecodeStatus.Ok
                && (address.Length is not (4 or AddressBytesMax)
                    || !AddressRange.TryCreate(new IPAddress(address), prefixBits, out IPNetwork range)
                    || !_byRange.TryAdd(range, restriction)))
            {
                reader.Fail(DecodeStatus.OutOfRange);
            }
        }

        Index();
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_byRange.Count);
        foreach ((IPNetwork range, Restriction restriction) in _byRange.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal))
        {
            writer.WriteArrayHeader(FieldCount);
            writer.WriteBinary(range.BaseAddress.GetAddressBytes());
            writer.WriteUInt64((ulong)range.PrefixLength);
            RestrictedUsers.WriteRestriction(ref writer, restriction);
        }
    }

    private void Index()
    {
        _lookupIPv4 = AddressLookup.Of(_byRange.Where(pair => pair.Key.BaseAddress.AddressFamily == AddressFamily.InterNetwork));
        _lookupIPv6 = AddressLookup.Of(_byRange.Where(pair => pair.Key.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6));
    }
}
