namespace RelayServer.Protocol;

/// <summary>Walks the (number, seq) pairs of a <see cref="PubAckBody"/>.</summary>
public ref struct PubAckEnumerator
{
    private MessagePackReader _reader;
    private int _left;

    internal PubAckEnumerator(ReadOnlySpan<byte> encodedPairs, int count)
    {
        _reader = new MessagePackReader(encodedPairs);
        _left = count;
    }

    /// <summary>Message number and its place in the log.</summary>
    public (ulong Number, ulong Seq) Current { get; private set; }

    /// <summary>Moves to the next pair.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = (_reader.ReadUInt64(), _reader.ReadUInt64());
        return _reader.Status == DecodeStatus.Ok;
    }
}
