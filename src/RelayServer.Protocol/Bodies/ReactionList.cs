namespace RelayServer.Protocol;

/// <summary>
/// Encoded reactions with their counts, at most <see cref="ProtocolLimits.ReactionsMax"/> pairs in one flat array: a view
/// of a body that is walked with <c>foreach</c>. To write one, encode reaction, count, reaction, count….
/// </summary>
public ref struct ReactionList
{
    private MessagePackReader _reader;
    private int _left;

    /// <summary>A list of <paramref name="count"/> pairs that are encoded already.</summary>
    public ReactionList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
        _reader = new MessagePackReader(encoded);
        _left = count;
    }

    /// <summary>How many pairs.</summary>
    public int Count { get; }

    /// <summary>The encoded pairs, without the head of their array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The present reaction and its count.</summary>
    public (byte Reaction, uint Count) Current { get; private set; }

    /// <summary>A walk from the first pair on.</summary>
    public readonly ReactionList GetEnumerator() => new(Encoded, Count);

    /// <summary>Moves to the next pair.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = ReadPair(ref _reader);
        return _reader.Status == DecodeStatus.Ok;
    }

    /// <summary>Reads the array that comes next in <paramref name="body"/>; a reader that has failed stays so.</summary>
    public static ReactionList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> body)
    {
        int values = reader.ReadArrayHeader(2 * ProtocolLimits.ReactionsMax);
        if (values % 2 != 0)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            values = 0;
        }

        int start = reader.Offset;
        for (int i = 0; i < values; i += 2)
        {
            ReadPair(ref reader);
        }

        return new ReactionList(body[start..reader.Offset], values / 2);
    }

    /// <summary>Writes the array.</summary>
    public readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2 * Count);
        writer.WriteRaw(Encoded);
    }

    private static (byte Reaction, uint Count) ReadPair(scoped ref MessagePackReader reader) =>
        ((byte)reader.ReadUInt64(ProtocolLimits.ReactionsMax - 1), reader.ReadUInt32());
}
