using RelayServer.Master.Channels;

namespace RelayServer.Master.Sequencing;

/// <summary>
/// The logs whose tops edges are still to be told, in the order in which they changed. An edge that has let a batch go,
/// or lost the last one, finds that by the top.
/// </summary>
internal sealed class TopDigest
{
    private readonly List<PartitionLog> _changed = [];
    private readonly Queue<PartitionLog> _due = new();

    /// <summary>Tops are to be told with the next flush.</summary>
    public bool IsDue => _due.Count > 0;

    /// <summary>The log has an entry more with the flush that is being built. Its top is told after the next tick.</summary>
    public void Note(PartitionLog log)
    {
        // An edge that comes later is told the top as the answer to its interest.
        if (!log.IsTopNoted && log.Recipients.Count > 0)
        {
            log.IsTopNoted = true;
            _changed.Add(log);
        }
    }

    /// <summary>About once a second: what has changed until now is due.</summary>
    public void Tick()
    {
        foreach (PartitionLog log in _changed)
        {
            _due.Enqueue(log);
        }

        _changed.Clear();
    }

    /// <summary>Takes the next log whose top is due.</summary>
    public bool TryTake(out PartitionLog log)
    {
        while (_due.TryDequeue(out PartitionLog? next))
        {
            next.IsTopNoted = false;
            if (!next.IsDirty)
            {
                log = next;
                return true;
            }

            // The flush that is being built has its end, and notes it again.
        }

        log = null!;
        return false;
    }

    public void Clear()
    {
        _changed.Clear();
        _due.Clear();
    }
}
