using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>The generations of a room whose logs are still there, oldest first; one at least, each one more than the one before.</summary>
internal sealed class GenerationList
{
    private readonly List<Partitioning> _generations = [Partitioning.Whole(0)];

    public IReadOnlyList<Partitioning> All => _generations;

    public Partitioning Current => _generations[^1];

    public int EncodedBytesMax => MessagePackWriter.HeadBytesMax + _generations.Sum(generation => generation.EncodedBytesMax);

    public Partitioning? Find(ulong generation)
    {
        ulong oldest = _generations[0].Generation;
        return generation >= oldest && generation - oldest < (ulong)_generations.Count ? _generations[(int)(generation - oldest)] : null;
    }

    /// <summary>Adds the next generation.</summary>
    /// <returns>Those that have fallen off the list.</returns>
    public IReadOnlyList<Partitioning> Begin(Partitioning next)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(next.Generation, Current.Generation + 1);
        _generations.Add(next);
        int bytes = EncodedBytesMax;
        int dropped = 0;
        while (_generations.Count - dropped > RoomLimits.GenerationsMax || (bytes > RoomLimits.GenerationsBytesMax && dropped < _generations.Count - 1))
        {
            bytes -= _generations[dropped++].EncodedBytesMax;
        }

        Partitioning[] fallen = [.. _generations.Take(dropped)];
        _generations.RemoveRange(0, dropped);
        return fallen;
    }

    /// <summary>Takes the oldest generation off the list; the current one stays.</summary>
    public bool DropOldest()
    {
        bool drops = _generations.Count > 1;
        if (drops)
        {
            _generations.RemoveAt(0);
        }

        return drops;
    }

    /// <summary>Gives an edge a partition of its own; false when it has one, or no more can be had.</summary>
    public bool AddEdge(string edge)
    {
        if (Current.Mode != SplitMode.Edges || Current.Count >= Partitioning.PartitionsMax || Current.PartitionOfEdge(edge) is not null)
        {
            return false;
        }

        _generations[^1] = Current.WithEdge(edge);
        return true;
    }

    public void Read(scoped ref MessagePackReader reader)
    {
        int count = StateList.ReadCount(ref reader, RoomLimits.GenerationsMax);
        var read = new List<Partitioning>();
        for (int i = 0; i < count && reader.Status == DecodeStatus.Ok; i++)
        {
            if (Partitioning.Read(ref reader) is { } partitioning && (i == 0 || partitioning.Generation == read[^1].Generation + 1))
            {
                read.Add(partitioning);
            }
            else
            {
                reader.Fail(DecodeStatus.OutOfRange);
            }
        }

        if (read.Count == 0)
        {
            reader.Fail(DecodeStatus.OutOfRange);
            return;
        }

        _generations.Clear();
        _generations.AddRange(read);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_generations.Count);
        foreach (Partitioning generation in _generations)
        {
            generation.Write(ref writer);
        }
    }
}
