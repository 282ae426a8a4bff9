namespace RelayServer.Protocol;

/// <summary>
/// A list in a body, as it is encoded there: a view that is walked with <c>foreach</c>. To write one, encode the entries
/// one after the other.
/// </summary>
/// <typeparam name="T">What is listed; says how many there may be.</typeparam>
public ref struct EncodedList<T>
    where T : struct, IListEntry<T>, allows ref struct
{
    private MessagePackReader _reader;
    private int _left;

    /// <summary>A list of <paramref name="count"/> entries that are encoded already.</summary>
    public EncodedList(ReadOnlySpan<byte> encoded, int count)
    {
        Encoded = encoded;
        Count = count;
        _reader = new MessagePackReader(encoded);
        _left = count;
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>The encoded entries, without the head of their array.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The present entry.</summary>
    public T Current { get; private set; }

    /// <summary>A walk from the first entry on.</summary>
    public readonly EncodedList<T> GetEnumerator() => new(Encoded, Count);

    /// <summary>Moves to the next entry.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = T.Read(ref _reader);
        return _reader.Status == DecodeStatus.Ok;
    }

    /// <summary>Writes the array.</summary>
    public readonly void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(T.ValuesPerEntry * Count);
        writer.WriteRaw(Encoded);
    }
}
