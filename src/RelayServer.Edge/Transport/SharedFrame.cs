using System.Buffers;
using RelayServer.Protocol;

namespace RelayServer.Edge.Transport;

/// <summary>
/// Encoded frames that many connections send from the same bytes. Counted references: the array goes back to the pool
/// when the last holder lets go.
/// </summary>
internal sealed class SharedFrame
{
    /// <summary>Counted for each frame besides its bytes: the objects around them, and its place in what it waits in.</summary>
    public const int OverheadBytes = 128;

    private static long s_heldBytes;

    private byte[] _array;
    private int _references = 1;

    private SharedFrame(byte[] array, int length)
    {
        _array = array;
        Length = length;
    }

    /// <summary>Bytes of the frames in this process that somebody still holds, each counted once, with their overhead.</summary>
    public static long HeldBytes => Volatile.Read(ref s_heldBytes);

    public int Length { get; }

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    /// <summary>One frame around a body.</summary>
    public static SharedFrame Create(FrameType type, FrameFlags flags, uint correlation, ReadOnlySpan<byte> body)
    {
        SharedFrame frame = Rent(FrameHeader.SizeBytes + body.Length);
        new FrameHeader((uint)body.Length, type, flags, correlation).Write(frame._array);
        body.CopyTo(frame._array.AsSpan(FrameHeader.SizeBytes));
        return frame;
    }

    /// <summary>Several frames in a row.</summary>
    public static SharedFrame Concat(ReadOnlySpan<SharedFrame> frames, int totalBytes)
    {
        SharedFrame all = Rent(totalBytes);
        int offset = 0;
        foreach (SharedFrame frame in frames)
        {
            frame.Span.CopyTo(all._array.AsSpan(offset));
            offset += frame.Length;
        }

        return all;
    }

    public SharedFrame AddReference()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    public void Release()
    {
        int left = Interlocked.Decrement(ref _references);
        if (left == 0)
        {
            byte[] array = _array;
            _array = [];
            ArrayPool<byte>.Shared.Return(array);
            Interlocked.Add(ref s_heldBytes, -(Length + OverheadBytes));
        }
        else if (left < 0)
        {
            throw new InvalidOperationException("A shared frame was released more often than it was held.");
        }
    }

    private static SharedFrame Rent(int bytes)
    {
        Interlocked.Add(ref s_heldBytes, bytes + OverheadBytes);
        return new SharedFrame(ArrayPool<byte>.Shared.Rent(bytes), bytes);
    }
}
