using RelayServer.Edge.Transport;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// The newest batches of all channels, within two bounds in bytes: one for a channel, one for all. A storm of joins
/// and resumes is served from here without asking the fabric.
/// </summary>
internal sealed class RecentBatches(int channelBytesMax, long bytesMax)
{
    private readonly LinkedList<RecentBatch> _all = new();
    private long _bytes;

    public long Bytes => _bytes;

    public void Add(EdgeChannel channel, SharedFrame frame, ulong epoch, ulong firstSeq, ulong lastSeq)
    {
        if (frame.Length > channelBytesMax)
        {
            // What comes next must not look as if it followed what is here.
            Clear(channel);
            return;
        }

        LinkedListNode<RecentBatch> node = _all.AddLast(
            new RecentBatch(channel, frame.AddReference(), epoch, firstSeq, lastSeq));
        channel.Recent.AddLast(node);
        channel.RecentBytes += frame.Length;
        _bytes += frame.Length;
        while (channel.RecentBytes > channelBytesMax)
        {
            DropOldest(channel);
        }

        while (_bytes > bytesMax)
        {
            DropOldest(_all.First!.Value.Channel);
        }
    }

    /// <summary>Forgets the batches of a channel that have left its log: those before the entry that ends at this position.</summary>
    public void Trim(EdgeChannel channel, Position first)
    {
        while (channel.Recent.First?.Value.Value is { } oldest && (oldest.Epoch, oldest.LastSeq).CompareTo((first.Epoch, first.Seq)) < 0)
        {
            DropOldest(channel);
        }
    }

    /// <summary>Forgets a channel's batches, as they no longer lead up to its cursor.</summary>
    public void Clear(EdgeChannel channel)
    {
        while (channel.Recent.Count > 0)
        {
            DropOldest(channel);
        }
    }

    // Both lists are in order of arrival, so the oldest of all is the oldest of its channel.
    private void DropOldest(EdgeChannel channel)
    {
        LinkedListNode<RecentBatch> node = channel.Recent.First!.Value;
        channel.Recent.RemoveFirst();
        _all.Remove(node);
        int bytes = node.Value.Frame.Length;
        channel.RecentBytes -= bytes;
        _bytes -= bytes;
        node.Value.Frame.Release();
    }
}
