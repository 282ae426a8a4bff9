using System.Net;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The ranges of addresses that are banned.</summary>
internal sealed class AddressBans
{
    private const int FieldCount = 2 + Restriction.FieldCount;
    private const int AddressBytesMax = 16;

    private readonly Dictionary<IPNetwork, Restriction> _byRange = [];

    public int Count => _byRange.Count;

    public int EncodedBytesMax =>
        MessagePackWriter.HeadBytesMax + (_byRange.Count * (1 + AddressBytesMax + (FieldCount * MessagePackWriter.IntegerBytesMax)));

    public IEnumerable<KeyValuePair<IPNetwork, Restriction>> All => _byRange;

    /// <summary>What lasts longest of what is in force on an address; null when nothing is.</summary>
    public Restriction? InForce(IPAddress? address, ulong nowMilliseconds)
    {
        Restriction? found = null;
        if (address is null || _byRange.Count == 0)
        {
            return found;
        }

        foreach ((IPNetwork range, Restriction restriction) in _byRange)
        {
            if (restriction.IsInForce(nowMilliseconds)
                && restriction.UntilMilliseconds > (found?.UntilMilliseconds ?? 0)
                && AddressRange.Holds(range, address))
            {
                found = restriction;
            }
        }

        return found;
    }

    public bool Contains(IPNetwork range) => _byRange.ContainsKey(range);

    public bool HasRoomFor(IPNetwork range) => _byRange.Count < RoomLimits.AddressBansMax || _byRange.ContainsKey(range);

    public void Put(IPNetwork range, Restriction restriction) => _byRange[range] = restriction;

    public void Remove(IPNetwork range) => _byRange.Remove(range);

    public bool Prune(ulong nowMilliseconds)
    {
        bool any = false;
        foreach ((IPNetwork range, Restriction restriction) in _byRange)
        {
            any |= !restriction.IsInForce(nowMilliseconds) && _byRange.Remove(range);
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
}
