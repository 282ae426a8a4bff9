using RelayServer.Edge.Hosting;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// The edge's reads of logs: a bounded number at a time, in the order in which they were asked for, repairs first.
/// Members that need the same page at the same time share one read. A member asks for one page after the other, so that
/// nobody has a second turn before everybody has had the first.
/// </summary>
internal sealed class LogReads(int readsMax, IEdgeEffects effects, EdgeCounters counters)
{
    private readonly Queue<LogRead> _repairs = new();
    private readonly Queue<LogRead> _catchUps = new();
    private readonly Dictionary<(PartitionFeed Feed, LogReadKind Kind, ulong Epoch, ulong Seq), LogRead> _shared = [];
    private int _underWay;

    /// <summary>Reads that wait for their turn.</summary>
    public int QueuedCount => _repairs.Count + _catchUps.Count;

    /// <summary>Reads for all members of a feed.</summary>
    public void Repair(PartitionFeed feed, ulong seq)
    {
        _repairs.Enqueue(new LogRead(LogReadKind.Repair, feed, feed.Cursor.Epoch, seq));
        Start();
    }

    /// <summary>Reads for one member that catches up, and for others that ask for the same meanwhile.</summary>
    public void CatchUp(Reader reader, LogReadKind kind, ulong epoch, ulong seq)
    {
        PartitionFeed feed = reader.Feed;
        if (_shared.TryGetValue((feed, kind, epoch, seq), out LogRead? read) && (read.StartedAt ?? feed.Cursor) == feed.Cursor)
        {
            counters.ReadsShared++;
            read.Readers.Add(reader);
            return;
        }

        // A page that began to be read before the cursor moved may lack what the member must have.
        read = new LogRead(kind, feed, epoch, seq);
        read.Readers.Add(reader);
        _shared[(feed, kind, epoch, seq)] = read;
        _catchUps.Enqueue(read);
        Start();
    }

    /// <summary>Takes note of an answer. False when nobody needs it, or when it failed and is asked for again.</summary>
    public bool Finish(LogRead read, bool hasPage)
    {
        _underWay--;
        if (!hasPage && read.IsWanted)
        {
            // Behind those that wait: one that fails for ever must not keep a place from them.
            read.StartedAt = null;
            (read.Kind == LogReadKind.Repair ? _repairs : _catchUps).Enqueue(read);
            Start();
            return false;
        }

        Unshare(read);
        if (hasPage && read.IsWanted)
        {
            return true;
        }

        Start();
        return false;
    }

    /// <summary>Begins what there is room for.</summary>
    public void Start()
    {
        while (_underWay < readsMax && (_repairs.TryDequeue(out LogRead? read) || _catchUps.TryDequeue(out read)))
        {
            if (read.IsWanted)
            {
                _underWay++;
                Begin(read);
            }
            else
            {
                Unshare(read);
            }
        }
    }

    private void Begin(LogRead read)
    {
        read.StartedAt = read.Feed.Cursor;
        counters.Reads++;
        effects.ReadLog(read);
    }

    private void Unshare(LogRead read)
    {
        var key = (read.Feed, read.Kind, read.Epoch, read.Seq);
        if (_shared.TryGetValue(key, out LogRead? shared) && shared == read)
        {
            _shared.Remove(key);
        }
    }
}
