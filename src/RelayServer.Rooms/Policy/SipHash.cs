using System.Numerics;

namespace RelayServer.Rooms;

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein), byte by byte: a hash with a key, so that clients, who choose its inputs but do not know
/// the key, cannot make two of them meet.
/// </summary>
internal struct SipHash
{
    private const int LastByteShift = 56;

    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;
    private ulong _word;
    private int _bytes;

    public SipHash(UInt128 key)
    {
        ulong low = (ulong)key;
        ulong high = (ulong)(key >> 64);
        _v0 = low ^ 0x736f6d6570736575;
        _v1 = high ^ 0x646f72616e646f6d;
        _v2 = low ^ 0x6c7967656e657261;
        _v3 = high ^ 0x7465646279746573;
    }

    public static ulong Of(UInt128 key, ReadOnlySpan<byte> bytes)
    {
        var hash = new SipHash(key);
        foreach (byte b in bytes)
        {
            hash.Add(b);
        }

        return hash.Finish();
    }

    public void Add(byte value)
    {
        _word |= (ulong)value << (8 * (_bytes % sizeof(ulong)));
        _bytes++;
        if (_bytes % sizeof(ulong) == 0)
        {
            AddWord(_word);
            _word = 0;
        }
    }

    public ulong Finish()
    {
        AddWord(_word | ((ulong)_bytes << LastByteShift));
        _v2 ^= 0xff;
        Round();
        Round();
        Round();
        Round();
        return _v0 ^ _v1 ^ _v2 ^ _v3;
    }

    private void AddWord(ulong word)
    {
        _v3 ^= word;
        Round();
        Round();
        _v0 ^= word;
    }

    private void Round()
    {
        _v0 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
        _v0 = BitOperations.RotateLeft(_v0, 32);
        _v2 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
        _v0 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
        _v2 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
        _v2 = BitOperations.RotateLeft(_v2, 32);
    }
}
