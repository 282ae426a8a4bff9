using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// Received bytes in one piece, cut into frames in place. Starts small and grows only when a frame or the traffic
/// needs it, never above one largest frame.
/// </summary>
internal sealed class ReceiveBuffer(int bodyBytesMax)
{
    private const int InitialBytes = 4096;

    private byte[] _bytes = new byte[InitialBytes];
    private int _start;
    private int _end;
    private int _bodyBytesMax = bodyBytesMax;

    /// <summary>Changes the largest body that is taken.</summary>
    public void SetBodyBytesMax(int bytes) => _bodyBytesMax = bytes;

    /// <summary>Where to receive to; never empty.</summary>
    public Memory<byte> FreeSpace()
    {
        if (_start == _end)
        {
            // The last read filled everything: there is more than this to read at once.
            bool wasFull = _end == _bytes.Length;
            _start = _end = 0;
            if (wasFull)
            {
                GrowTo(Math.Min(_bytes.Length * 2L, FrameHeader.SizeBytes + (long)_bodyBytesMax));
            }
        }
        else if (_end == _bytes.Length || NeededBytes() > _bytes.Length - _start)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            _end -= _start;
            _start = 0;
            GrowTo(Math.Max(NeededBytes(), _end + 1));
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Notes that so many bytes were received.</summary>
    public void Advance(int bytes) => _end += bytes;

    /// <summary>Cuts off the next frame. The body is valid until <see cref="FreeSpace"/> is called.</summary>
    /// <exception cref="ProtocolFaultException">The bytes are not a frame of this protocol.</exception>
    public bool TryRead(out FrameHeader header, out ReadOnlyMemory<byte> body)
    {
        body = default;
        ReadOnlySpan<byte> unread = _bytes.AsSpan(_start, _end - _start);
        if (unread.Length < FrameHeader.SizeBytes)
        {
            header = default;
            return false;
        }

        if (!FrameHeader.TryRead(unread, out header))
        {
            throw new ProtocolFaultException("a frame header from the server has reserved bytes that are not zero");
        }

        if (header.BodyBytes > (uint)_bodyBytesMax)
        {
            throw new ProtocolFaultException(
                $"a frame of {header.BodyBytes} bytes from the server is above the limit of {_bodyBytesMax}");
        }

        int frameBytes = FrameHeader.SizeBytes + (int)header.BodyBytes;
        if (unread.Length < frameBytes)
        {
            return false;
        }

        body = _bytes.AsMemory(_start + FrameHeader.SizeBytes, (int)header.BodyBytes);
        _start += frameBytes;
        return true;
    }

    // A declared length is trusted only up to the limit, which TryRead has checked before.
    private int NeededBytes()
    {
        ReadOnlySpan<byte> unread = _bytes.AsSpan(_start, _end - _start);
        return unread.Length >= FrameHeader.SizeBytes && FrameHeader.TryRead(unread, out FrameHeader header)
            ? FrameHeader.SizeBytes + (int)Math.Min(header.BodyBytes, (uint)_bodyBytesMax)
            : FrameHeader.SizeBytes;
    }

    private void GrowTo(long bytes)
    {
        if (bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)bytes);
        }
    }
}
