using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// The newest batches of all feeds, within two bounds in bytes: one for a feed, one for all. A storm of joins
/// and resumes is served from here without asking the fabric.
/// </summary>
internal sealed class RecentBatches(int feedBytesMax, long bytesMax)
{
    private readonly LinkedList<RecentBatch> _all = new();
    private long _bytes;

    public long Bytes => _bytes;

    public void Add(PartitionFeed feed, SharedFrame frame, ulong epoch, ulong firstSeq, ulong lastSeq)
    {
        if (frame.Length > feedBytesMax)
        {
            // What comes next must not look as if it followed what is here.
            Clear(feed);
            return;
        }

        LinkedListNode<RecentBatch> node = _all.AddLast(
            new RecentBatch(feed, frame.AddReference(), epoch, firstSeq, lastSeq));
        feed.Recent.AddLast(node);
        feed.RecentBytes += frame.Length;
        _bytes += frame.Length;
        while (feed.RecentBytes > feedBytesMax)
        {
            DropOldest(feed);
        }

        while (_bytes > bytesMax)
        {
            DropOldest(_all.First!.Value.Feed);
        }
    }

    /// <summary>Forgets the batches of a feed that have left its log: those before the entry that ends at this position.</summary>
    public void Trim(PartitionFeed feed, Position first)
    {
        while (feed.Recent.First?.Value.Value is { } oldest && (oldest.Epoch, oldest.LastSeq).CompareTo((first.Epoch, first.Seq)) < 0)
        {
            DropOldest(feed);
        }
    }

    /// <summary>Puts other bodies in the place of some; null leaves one as it is.</summary>
    public void Rewrite(PartitionFeed feed, Func<PartitionFeed, ReadOnlySpan<byte>, byte[]?> rewrite)
    {
        foreach (LinkedListNode<RecentBatch> node in feed.Recent)
        {
            RecentBatch batch = node.Value;
            if (rewrite(feed, batch.Frame.Span[FrameHeader.SizeBytes..]) is { } body)
            {
                SharedFrame frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, body);
                feed.RecentBytes += frame.Length - batch.Frame.Length;
                _bytes += frame.Length - batch.Frame.Length;
                batch.Frame.Release();
                batch.Frame = frame;
            }
        }
    }

    /// <summary>Forgets a feed's batches, as they no longer lead up to its cursor.</summary>
    public void Clear(PartitionFeed feed)
    {
        while (feed.Recent.Count > 0)
        {
            DropOldest(feed);
        }
    }

    // Both lists are in order of arrival, so the oldest of all is the oldest of its feed.
    private void DropOldest(PartitionFeed feed)
    {
        LinkedListNode<RecentBatch> node = feed.Recent.First!.Value;
        feed.Recent.RemoveFirst();
        _all.Remove(node);
        int bytes = node.Value.Frame.Length;
        feed.RecentBytes -= bytes;
        _bytes -= bytes;
        node.Value.Frame.Release();
    }
}
