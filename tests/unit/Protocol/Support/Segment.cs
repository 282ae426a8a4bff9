using System.Buffers;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>One piece of a byte stream; can be set again, so that a long run allocates nothing.</summary>
internal sealed class Segment : ReadOnlySequenceSegment<byte>
{
    public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

    public Segment Append(ReadOnlyMemory<byte> memory)
    {
        var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
        Next = next;
        return next;
    }

    /// <summary>Gives this piece and the one after it new bytes.</summary>
    public void Set(ReadOnlyMemory<byte> own, ReadOnlyMemory<byte> following)
    {
        Memory = own;
        var next = (Segment)Next!;
        next.Memory = following;
        next.RunningIndex = RunningIndex + own.Length;
    }
}
