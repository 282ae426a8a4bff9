namespace RelayServer.Protocol;

/// <summary>
/// Encoded rooms, at most <see cref="ProtocolLimits.RoomsListedMax"/>: a view of a body that is walked with
/// <c>foreach</c>. To write one, encode the entries one after the other.
/// </summary>
public ref struct RoomEntryList
{
    private MessagePackReader _reader;
    private int _left;

    /// <summary>A list of rooms that are encoded already.</summary>
    public RoomEntryList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
        _reader = new MessagePackReader(encoded);
        _left = count;
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>The encoded rooms, without the head of their array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The present room.</summary>
    public RoomEntry Current { get; private set; }

    /// <summary>A walk from the first room on.</summary>
    public readonly RoomEntryList GetEnumerator() => new(Encoded, Count);

    /// <summary>Moves to the next room.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = RoomEntry.Read(ref _reader);
        return _reader.Status == DecodeStatus.Ok;
    }

    internal static RoomEntryList Read(scoped ref MessagePackReader reader, ReadOnlySpan<byte> body)
    {
        int count = reader.ReadArrayHeader(ProtocolLimits.RoomsListedMax);
        int start = reader.Offset;
        for (int i = 0; i < count; i++)
        {
            RoomEntry.Read(ref reader);
        }

        return new RoomEntryList(body[start..reader.Offset], count);
    }

    internal readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Count);
        writer.WriteRaw(Encoded);
    }
}
