using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>Walks the (reaction, count) pairs of a <see cref="ReactionList"/>.</summary>
public ref struct ReactionEnumerator
{
    private MessagePackReader _reader;
    private int _left;

    internal ReactionEnumerator(ReadOnlySpan<byte> encoded, int kinds)
    {
        _reader = new MessagePackReader(encoded);
        _left = kinds;
    }

    /// <summary>A reaction, and how often it was given.</summary>
    public (uint Reaction, uint Count) Current { get; private set; }

    /// <summary>Moves to the next pair.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = (_reader.ReadUInt32(), _reader.ReadUInt32());
        return _reader.Status == DecodeStatus.Ok;
    }
}
