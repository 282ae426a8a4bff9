using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Hosting;
using RelayServer.Master.Links;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>Writes the relays of one flush: to each edge its records, and which entries come with them.</summary>
internal sealed class RelayWriter(byte[] masterId, MasterCounters counters)
{
    // Far below what one flush may have, and what one batch of an edge can ask for.
    private const int RoomBytesMax = 4 * 1024 * 1024;

    private readonly Dictionary<EdgeLink, List<int>> _indexesByLink = [];
    private readonly List<EdgeLink> _owing = [];
    private int _roomBytes;

    /// <summary>An append, by its index in the flush, goes to this edge.</summary>
    public void Carry(EdgeLink link, int append)
    {
        if (!_indexesByLink.TryGetValue(link, out List<int>? indexes))
        {
            indexes = [];
            _indexesByLink.Add(link, indexes);
        }

        indexes.Add(append);
    }

    /// <summary>Adds the relay of an edge to the flush; its head is to be kept until that is done.</summary>
    public PooledBuffer Write(FabricFlush flush, EdgeLink link)
    {
        WriteOpened(link);
        var head = new PooledBuffer();
        var header = new RelayHeader
        {
            MasterId = masterId,
            Link = link.Number,
            RelayNo = link.NextRelay(),
            ReceivedBatchNo = link.ReceivedBatchNo,
            CompletedBatchNo = link.CompletedBatchNo,
        };
        var writer = new MessagePackWriter(head.Reserve(RelayHeader.BytesMax + link.Records.WrittenBytes));
        header.Write(ref writer);
        writer.WriteRaw(link.Records.WrittenSpan);
        head.Advance(writer.WrittenBytes);
        link.Records.Clear();

        List<int> indexes = _indexesByLink.GetValueOrDefault(link) ?? [];
        int bytes = head.WrittenBytes;
        foreach (int index in indexes)
        {
            bytes += flush.Appends[index].Body.Length;
        }

        counters.RelayBytes += bytes;
        link.Relayed(header.RelayNo, bytes);
        flush.Relays.Add(new FabricRelay(link.Address, head.WrittenMemory, indexes));
        return head;
    }

    /// <summary>The flush is complete: the edges that are owed more, with the next.</summary>
    public EdgeLink[] Finish()
    {
        EdgeLink[] owing = [.. _owing];
        _owing.Clear();
        _indexesByLink.Clear();
        _roomBytes = 0;
        return owing;
    }

    // An interest is answered with the tops after this very flush: what the relay carries lies before them. States of
    // rooms may be large; what would be too much for one flush is said with the next.
    private void WriteOpened(EdgeLink link)
    {
        if (link.Opened.Count == 0)
        {
            return;
        }

        foreach (ChannelState channel in link.Opened.ToArray())
        {
            if (_roomBytes > RoomBytesMax)
            {
                _owing.Add(link);
                return;
            }

            _roomBytes += RelayRecords.WriteOpened(link.Records, channel);
            link.Opened.Remove(channel);
        }
    }
}
