namespace RelayServer.Edge.Rooms;

/// <summary>What came for a feed while its hole is being filled, in order; owns a reference of each frame.</summary>
internal sealed class ParkedBatches
{
    private const int BytesMax = 4 * 1024 * 1024;

    private readonly Queue<ParkedBatch> _batches = new();
    private int _bytes;

    /// <summary>Keeps a batch, or lets go of it when there are too many: it is in the log, and the next hole or top brings it back.</summary>
    public void Add(in ParkedBatch batch)
    {
        if (_bytes + batch.Frame.Length > BytesMax)
        {
            batch.Frame.Release();
            return;
        }

        _batches.Enqueue(batch);
        _bytes += batch.Frame.Length;
    }

    public int Count => _batches.Count;

    public bool TryPeek(out ParkedBatch batch) => _batches.TryPeek(out batch);

    /// <summary>Takes away the first; the reference of its frame is the caller's now.</summary>
    public void Remove() => _bytes -= _batches.Dequeue().Frame.Length;

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        while (_batches.TryDequeue(out ParkedBatch batch))
        {
            batch.Frame.Release();
        }

        _bytes = 0;
    }
}
