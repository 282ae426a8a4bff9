using System.Buffers;

namespace RelayServer.Protocol;

/// <summary>
/// A growing byte buffer on the shared array pool, for messages that are put together piece by piece. One owner:
/// whoever created it disposes it, once nobody reads <see cref="WrittenMemory"/> any more.
/// </summary>
public sealed class PooledBuffer : IDisposable
{
    private const int InitialBytesMin = 256;
    private byte[] _array = [];

    /// <summary>Bytes in the buffer.</summary>
    public int WrittenBytes { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, WrittenBytes);

    /// <summary>What was written; valid until the next <see cref="Reserve"/>, <see cref="Clear"/> or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, WrittenBytes);

    /// <summary>Room for at least <paramref name="bytes"/> more bytes; say with <see cref="Advance"/> how many were used.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (_array.Length - WrittenBytes < bytes)
        {
            Grow(bytes);
        }

        return _array.AsSpan(WrittenBytes);
    }

    /// <summary>Takes bytes of the reserved room as written.</summary>
    public void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _array.Length - WrittenBytes);
        WrittenBytes += bytes;
    }

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        WrittenBytes += bytes.Length;
    }

    /// <summary>Writes over bytes that were written before.</summary>
    public Span<byte> Written(int offset, int bytes) => _array.AsSpan(0, WrittenBytes).Slice(offset, bytes);

    /// <summary>Empties the buffer and keeps its room.</summary>
    public void Clear() => WrittenBytes = 0;

    /// <summary>Gives the room back.</summary>
    public void Dispose()
    {
        byte[] array = _array;
        _array = [];
        WrittenBytes = 0;
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Grow(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(InitialBytesMin, 2 * _array.Length), WrittenBytes + bytes));
        WrittenSpan.CopyTo(larger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
