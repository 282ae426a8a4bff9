using RelayServer.Protocol;

namespace RelayServer.Fabric;

/// <summary>Walks a <see cref="NameList"/>.</summary>
public ref struct NameEnumerator
{
    private MessagePackReader _reader;
    private int _left;

    internal NameEnumerator(ReadOnlySpan<byte> encoded, int count)
    {
        _reader = new MessagePackReader(encoded);
        _left = count;
        Current = default;
    }

    /// <summary>The name, in UTF-8.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Moves to the next name.</summary>
    public bool MoveNext()
    {
        if (_left-- <= 0)
        {
            return false;
        }

        Current = _reader.ReadString(ProtocolLimits.UserIdBytesMax);
        return _reader.Status == DecodeStatus.Ok;
    }
}
