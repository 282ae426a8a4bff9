namespace RelayServer.Edge.Rooms;

/// <summary>What came for a feed while its hole is being filled, in order; owns a reference of each frame.</summary>
/// <param name="budget">Shared with the other feeds.</param>
internal sealed class ParkedBatches(ParkedBudget budget)
{
    private const int BytesMax = 4 * 1024 * 1024;

    private readonly Queue<ParkedBatch> _batches = new();
    private int _bytes;

    /// <summary>Keeps a batch, or lets go of it when there are too many here or at the edge. False then: it has to be read from the log.</summary>
    public bool TryAdd(in ParkedBatch batch)
    {
        if (_bytes + batch.Frame.Length > BytesMax || !budget.TryTake(batch.Frame.Length))
        {
            batch.Frame.Release();
            return false;
        }

        _batches.Enqueue(batch);
        _bytes += batch.Frame.Length;
        return true;
    }

    public int Count => _batches.Count;

    public bool TryPeek(out ParkedBatch batch) => _batches.TryPeek(out batch);

    /// <summary>Takes away the first; the reference of its frame is the caller's now.</summary>
    public void Remove()
    {
        int bytes = _batches.Dequeue().Frame.Length;
        _bytes -= bytes;
        budget.Give(bytes);
    }

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        while (_batches.TryDequeue(out ParkedBatch batch))
        {
            batch.Frame.Release();
        }

        budget.Give(_bytes);
        _bytes = 0;
    }
}
