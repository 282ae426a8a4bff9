using System.Buffers;

namespace RelayServer.Protocol;

/// <summary>Cuts frames out of a received byte stream. Never copies a body and never allocates.</summary>
public static class FrameReader
{
    /// <summary>
    /// Reads one frame from the front of <paramref name="buffer"/> and, when it is complete, moves the buffer past it.
    /// </summary>
    /// <param name="buffer">Received bytes.</param>
    /// <param name="bodyBytesMax">Largest body that this connection may send in its present state.</param>
    /// <param name="header">The header, when it could be read.</param>
    /// <param name="body">The body, when the frame is complete.</param>
    public static FrameReadStatus TryRead(
        ref ReadOnlySequence<byte> buffer, uint bodyBytesMax, out FrameHeader header, out ReadOnlySequence<byte> body)
    {
        body = default;
        if (buffer.Length < FrameHeader.SizeBytes)
        {
            header = default;
            return FrameReadStatus.Incomplete;
        }

        if (!TryReadHeader(buffer, out header))
        {
            return FrameReadStatus.BadHeader;
        }

        if (header.BodyBytes > bodyBytesMax)
        {
            return FrameReadStatus.TooLarge;
        }

        long frameBytes = FrameHeader.SizeBytes + (long)header.BodyBytes;
        if (buffer.Length < frameBytes)
        {
            return FrameReadStatus.Incomplete;
        }

        body = buffer.Slice(FrameHeader.SizeBytes, header.BodyBytes);
        buffer = buffer.Slice(frameBytes);
        return FrameReadStatus.Complete;
    }

    private static bool TryReadHeader(in ReadOnlySequence<byte> buffer, out FrameHeader header)
    {
        ReadOnlySpan<byte> first = buffer.FirstSpan;
        if (first.Length >= FrameHeader.SizeBytes)
        {
            return FrameHeader.TryRead(first, out header);
        }

        Span<byte> scratch = stackalloc byte[FrameHeader.SizeBytes];
        buffer.Slice(0, FrameHeader.SizeBytes).CopyTo(scratch);
        return FrameHeader.TryRead(scratch, out header);
    }
}
