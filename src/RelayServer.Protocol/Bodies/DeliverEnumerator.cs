namespace RelayServer.Protocol;

/// <summary>Walks the messages of a <see cref="DeliverBody"/>.</summary>
public ref struct DeliverEnumerator
{
    private readonly ulong _firstSeq;
    private readonly int _count;
    private MessagePackReader _reader;
    private DeliverMessage _current;
    private int _index;

    internal DeliverEnumerator(ReadOnlySpan<byte> encodedMessages, int count, ulong firstSeq)
    {
        _reader = new MessagePackReader(encodedMessages);
        _count = count;
        _firstSeq = firstSeq;
        _current = default;
        _index = 0;
    }

    /// <summary>The present message.</summary>
    public readonly DeliverMessage Current => _current;

    /// <summary>Moves to the next message; false at the end or when the bytes are malformed.</summary>
    public bool MoveNext()
    {
        if (_index >= _count)
        {
            return false;
        }

        _current = DeliverMessage.Read(ref _reader);
        _current.Seq = _firstSeq == 0 ? 0 : _firstSeq + (ulong)_index;
        _index++;
        return _reader.Status == DecodeStatus.Ok;
    }
}
