using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>Gathers the encoded entries of a list whose number is not known before.</summary>
internal sealed class ArrayWriter
{
    private byte[] _buffer = new byte[1024];
    private int _bytes;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _bytes);

    public Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - _bytes < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _bytes + bytes));
        }

        return _buffer.AsSpan(_bytes);
    }

    public void Added(int bytes)
    {
        _bytes += bytes;
        Count++;
    }

    public void AddString(ReadOnlySpan<byte> utf8)
    {
        var writer = new MessagePackWriter(Reserve(MessagePackWriter.HeadBytesMax + utf8.Length));
        writer.WriteString(utf8);
        Added(writer.WrittenBytes);
    }
}
