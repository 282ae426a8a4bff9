namespace RelayServer.Fabric;

/// <summary>The hash buckets of channels: the unit of ownership.</summary>
public static class Slot
{
    /// <summary>How many there are; a part of the stored format.</summary>
    public const int Count = 256;

    private const uint Fnv1aOffset = 2166136261;
    private const uint Fnv1aPrime = 16777619;

    /// <summary>The slot of a channel: FNV-1a, 32 bits, modulo <see cref="Count"/>. The same in every process.</summary>
    public static int Of(ReadOnlySpan<byte> channel)
    {
        uint hash = Fnv1aOffset;
        foreach (byte b in channel)
        {
            hash = (hash ^ b) * Fnv1aPrime;
        }

        return (int)(hash % Count);
    }
}
