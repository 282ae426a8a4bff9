using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.Edge.Fanout;

/// <summary>Bytes that a connection could not take yet, from <paramref name="Offset"/> to <paramref name="End"/> of a frame that is held.</summary>
internal readonly record struct PendingSend(SharedFrame Frame, int Offset, int End)
{
    public int Bytes => End - Offset;

    public ReadOnlyMemory<byte> Memory => Frame.Memory[Offset..End];

    /// <summary>The same, cut after the protocol frame that has begun to go out; null when none has.</summary>
    public PendingSend? UpToFrameEnd()
    {
        int boundary = 0;
        while (boundary < Offset)
        {
            FrameHeader.TryRead(Frame.Span[boundary..], out FrameHeader header);
            boundary += FrameHeader.SizeBytes + (int)header.BodyBytes;
        }

        return boundary == Offset ? null : this with { End = boundary };
    }
}
