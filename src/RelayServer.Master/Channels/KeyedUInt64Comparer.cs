using System.Security.Cryptography;

namespace RelayServer.Master.Channels;

/// <summary>Hashes numbers that clients choose with a key of this process, so that nobody can aim for one bucket.</summary>
internal sealed class KeyedUInt64Comparer : IEqualityComparer<ulong>
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;
    private readonly ulong _key = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private KeyedUInt64Comparer()
    {
    }

    public static KeyedUInt64Comparer Instance { get; } = new();

    public bool Equals(ulong x, ulong y) => x == y;

    public int GetHashCode(ulong obj)
    {
        UInt128 product = Math.BigMul(obj ^ _key, GoldenRatio ^ (_key << 1) | 1);
        ulong folded = (ulong)product ^ (ulong)(product >> 64);
        return (int)(folded ^ (folded >> 32));
    }
}
