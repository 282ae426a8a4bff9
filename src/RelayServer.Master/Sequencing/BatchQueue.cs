using RelayServer.Fabric;
using RelayServer.Master.Channels;
using RelayServer.Master.Links;
using RelayServer.Protocol;

namespace RelayServer.Master.Sequencing;

/// <summary>
/// Batches of edges, in order, of which a flush had room for the first records only: one record may be said to a hundred
/// partitions, so what a batch comes to is known while it is taken.
/// </summary>
internal sealed class BatchQueue
{
    private readonly Queue<ParkedRecord> _batches = new();
    private int _takenBytes;

    public bool IsEmpty => _batches.Count == 0;

    /// <summary>Keeps records, which are not answered meanwhile. False when there are some among them that cannot be read: from those on they are let go.</summary>
    public bool Add(EdgeLink link, ulong batchNo, ReadOnlySpan<byte> records)
    {
        var reader = new MessagePackReader(records);
        int readable = 0;
        while (reader.RemainingBytes > 0)
        {
            UpstreamRecord.Read(ref reader, records);
            if (reader.Status != DecodeStatus.Ok)
            {
                break;
            }

            readable = reader.Offset;
        }

        if (readable > 0)
        {
            link.Park(batchNo);
            _batches.Enqueue(new ParkedRecord(link, batchNo, records[..readable].ToArray()));
        }

        return readable == records.Length;
    }

    /// <summary>Takes the next record; false when there is none.</summary>
    public bool TryTake(out ParkedRecord next)
    {
        if (!_batches.TryPeek(out ParkedRecord batch))
        {
            next = default;
            return false;
        }

        var reader = new MessagePackReader(batch.Record.AsSpan(_takenBytes));
        UpstreamRecord.Read(ref reader, batch.Record.AsSpan(_takenBytes));
        next = batch with { Record = batch.Record[_takenBytes..(_takenBytes + reader.Offset)] };
        _takenBytes += reader.Offset;
        if (_takenBytes == batch.Record.Length)
        {
            _batches.Dequeue();
            _takenBytes = 0;
            batch.Link.Unpark(batch.BatchNo);
        }

        return true;
    }

    public void Clear()
    {
        _batches.Clear();
        _takenBytes = 0;
    }
}
