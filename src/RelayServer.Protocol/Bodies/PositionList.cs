namespace RelayServer.Protocol;

/// <summary>
/// Encoded positions, at most <see cref="ProtocolLimits.PartitionsMax"/>: a view of a body that is walked with
/// <c>foreach</c>. To write one, encode the positions one after the other.
/// </summary>
public ref struct PositionList
{
    // A position stands in an array in the array of the body.
    private const int OpenLevels = 3;

    private MessagePackReader _reader;
    private int _left;

    /// <summary>A list of positions that are encoded already.</summary>
    public PositionList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
        _reader = new MessagePackReader(encoded);
        _left = count;
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>The encoded positions, without the head of their array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The present position.</summary>
    public Position Current { get; private set; }

    /// <summary>A walk from the first position on.</summary>
    public readonly PositionList GetEnumerator() => new(Encoded, Count);

    /// <summary>Moves to the next position.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = Position.Read(ref _reader, OpenLevels);
        return _reader.Status == DecodeStatus.Ok;
    }

    internal static PositionList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> body)
    {
        int count = reader.ReadArrayHeader(ProtocolLimits.PartitionsMax);
        int start = reader.Offset;
        for (int i = 0; i < count; i++)
        {
            Position.Read(ref reader, OpenLevels);
        }

        return new PositionList(body[start..reader.Offset], count);
    }

    internal readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        writer.WriteRaw(Encoded);
    }
}
