using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

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

    /// <summary>The same of an entry of the log, without what was deleted.</summary>
    public static ParkedBatch Of(EdgeRoom room, in DeliverBody body, in LogEntry entry)
    {
        ReadOnlySpan<byte> encoded = entry.Body.Span;
        byte[]? rewritten = Deletions.Rewrite(room, encoded);
        return Of(body, rewritten is null ? encoded : rewritten) with { Epoch = entry.Epoch, LastSeq = entry.LastSeq };
    }

    /// <summary>While it waited something in it may have been deleted. Takes over the reference.</summary>
    public ParkedBatch WithoutDeleted(EdgeRoom room)
    {
        if (Deletions.Rewrite(room, Frame.Span[FrameHeader.SizeBytes..]) is not { } rewritten)
        {
            return this;
        }

        Frame.Release();
        return this with { Frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, rewritten) };
    }

    /// <summary>What it says about the next generation, if it ends this one.</summary>
    public SplitNotice? FindEnd() =>
        DeliverBody.TryDecodeEnvelope(Frame.Span[FrameHeader.SizeBytes..], out DeliverBody body) == DecodeStatus.Ok ? SplitEnd.Find(body) : null;
}
