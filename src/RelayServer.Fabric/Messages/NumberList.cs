using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>A bounded array of unsigned 32-bit numbers inside a record, as a view of its encoding.</summary>
public readonly ref struct NumberList
{
    /// <summary>A list of <paramref name="count"/> numbers that are written one after the other in <paramref name="encoded"/>, without a head.</summary>
    public NumberList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
    }

    /// <summary>The numbers, without the head of the array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>How many numbers.</summary>
    public int Count { get; }

    /// <summary>The numbers in order.</summary>
    public NumberEnumerator GetEnumerator() => new(Encoded, Count);

    internal static NumberList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message, int countMax)
    {
        int count = reader.ReadArrayHeader();
        if (count > countMax)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return default;
        }

        int start = reader.Offset;
        for (int i = 0; i < count; i++)
        {
            reader.ReadUInt32();
        }

        return reader.Status == DecodeStatus.Ok ? new NumberList(message[start..reader.Offset], count) : default;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        writer.WriteRaw(Encoded);
    }
}
