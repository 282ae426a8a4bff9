using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>A batch on its way to the members; it may have to wait for the one that belongs in front of it.</summary>
/// <param name="Frame">The DELIVER; whoever has the batch holds a reference.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="FirstSeq">Its first message.</param>
/// <param name="LastSeq">Its last message.</param>
/// <param name="MayEnd">It may be the one that ends its generation.</param>
internal readonly record struct ParkedBatch(SharedFrame Frame, ulong Epoch, ulong FirstSeq, ulong LastSeq, bool MayEnd)
{
    public int Messages => (int)(LastSeq - FirstSeq + 1);

    /// <summary>Makes the frame of a body.</summary>
    public static ParkedBatch Of(in DeliverBody body, ReadOnlySpan<byte> encoded) => new(
        SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, encoded),
        body.First.Epoch,
        body.First.Seq,
        body.Last.Seq,
        SplitEnd.MayBe(body));
}
