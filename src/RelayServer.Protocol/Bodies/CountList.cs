namespace RelayServer.Protocol;

/// <summary>
/// Encoded numbers of members, one for each partition, at most <see cref="ProtocolLimits.PartitionsMax"/>: a view of a body
/// that is walked with <c>foreach</c>. To write one, encode the numbers one after the other.
/// </summary>
public ref struct CountList
{
    private MessagePackReader _reader;
    private int _left;

    /// <summary>A list of numbers that are encoded already.</summary>
    public CountList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
        _reader = new MessagePackReader(encoded);
        _left = count;
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>The encoded numbers, without the head of their array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The present number.</summary>
    public uint Current { get; private set; }

    /// <summary>A walk from the first number on.</summary>
    public readonly CountList GetEnumerator() => new(Encoded, Count);

    /// <summary>Moves to the next number.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = _reader.ReadUInt32();
        return _reader.Status == DecodeStatus.Ok;
    }

    /// <summary>Reads the array that comes next in <paramref name="body"/>; a reader that has failed stays so.</summary>
    public static CountList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> body)
    {
        int count = reader.ReadArrayHeader(ProtocolLimits.PartitionsMax);
        int start = reader.Offset;
        for (int i = 0; i < count; i++)
        {
            reader.ReadUInt32();
        }

        return new CountList(body[start..reader.Offset], count);
    }

    /// <summary>Writes the array.</summary>
    public readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        writer.WriteRaw(Encoded);
    }
}
