using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>A bounded array of user ids inside a record, as a view of its encoding.</summary>
public readonly ref struct NameList
{
    /// <summary>A list of <paramref name="count"/> strings that are written one after the other in <paramref name="encoded"/>, without a head.</summary>
    public NameList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
    }

    /// <summary>The strings, without the head of the array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>How many names.</summary>
    public int Count { get; }

    /// <summary>The names in order, in UTF-8.</summary>
    public NameEnumerator GetEnumerator() => new(Encoded, Count);

    internal static NameList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message, int countMax)
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
            reader.ReadString(ProtocolLimits.UserIdBytesMax);
        }

        return reader.Status == DecodeStatus.Ok ? new NameList(message[start..reader.Offset], count) : default;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        writer.WriteRaw(Encoded);
    }
}
