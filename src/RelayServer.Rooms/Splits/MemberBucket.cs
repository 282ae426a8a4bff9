using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The hash buckets of users: the unit in which a split deals members out to groups.</summary>
public static class MemberBucket
{
    /// <summary>How many there are; a part of the stored format. A map from buckets to groups takes as many bytes.</summary>
    public const int Count = ProtocolLimits.PartitionMapBytesMax;

    private const uint Fnv1aOffset = 2166136261;
    private const uint Fnv1aPrime = 16777619;

    /// <summary>The bucket of a user: FNV-1a, 32 bits, its upper half folded in, modulo <see cref="Count"/>. The same in every process.</summary>
    public static int Of(ReadOnlySpan<byte> userId)
    {
        uint hash = Fnv1aOffset;
        foreach (byte b in userId)
        {
            hash = (hash ^ b) * Fnv1aPrime;
        }

        // The low bits alone are weak for names that differ in their last letter.
        return (int)((hash ^ (hash >> 16)) % Count);
    }
}
