using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>A bounded array <c>[reaction, count, reaction, count…]</c> inside a record, as a view of its encoding.</summary>
public readonly ref struct ReactionList
{
    /// <summary>A list of <paramref name="kinds"/> pairs that are written one after the other in <paramref name="encoded"/>, without a head.</summary>
    public ReactionList(ReadOnlySpan<byte> encoded, int kinds)
    {
        Encoded = encoded;
        Kinds = kinds;
    }

    /// <summary>The pairs, without the head of the array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>How many pairs.</summary>
    public int Kinds { get; }

    /// <summary>The pairs in order.</summary>
    public ReactionEnumerator GetEnumerator() => new(Encoded, Kinds);

    internal static ReactionList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> message, int kindsMax)
    {
        int values = reader.ReadArrayHeader();
        if (values % 2 != 0 || values > 2 * kindsMax)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return default;
        }

        int start = reader.Offset;
        for (int i = 0; i < values; i++)
        {
            reader.ReadUInt32();
        }

        return reader.Status == DecodeStatus.Ok ? new ReactionList(message[start..reader.Offset], values / 2) : default;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2 * Kinds);
        writer.WriteRaw(Encoded);
    }
}
