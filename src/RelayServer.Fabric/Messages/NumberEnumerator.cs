using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>Walks a <see cref="NumberList"/>.</summary>
public ref struct NumberEnumerator
{
    private MessagePackReader _reader;
    private int _left;

    internal NumberEnumerator(ReadOnlySpan<byte> encoded, int count)
    {
        _reader = new MessagePackReader(encoded);
        _left = count;
    }

    /// <summary>The number.</summary>
    public uint Current { get; private set; }

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
}
