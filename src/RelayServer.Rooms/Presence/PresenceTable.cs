using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>
/// Who is in a room, put together from what each edge tells of its own members. What an edge tells is its whole truth, so
/// that what was lost on the way is mended by the next one.
/// </summary>
/// <typeparam name="TEdge">What an edge is known by.</typeparam>
public sealed class PresenceTable<TEdge>
    where TEdge : notnull
{
    /// <summary>Edges at most; what others tell is not taken.</summary>
    public const int EdgesMax = 1024;

    /// <summary>Names of an edge at most; of more it is only known how many.</summary>
    public const int NamesMax = 200;

    private readonly Dictionary<TEdge, EdgePresence> _byEdge = [];

    // Of all that are counted: kept with each report, as going through all of them for each would be edges times edges.
    private ulong _total;
    private SortedSet<byte[]>? _announced;

    /// <summary>Edges that have told anything, counted or not.</summary>
    public int EdgeCount => _byEdge.Count;

    /// <summary>Members in all partitions; the sessions of a user count one by one.</summary>
    public uint Total => uint.CreateSaturating(_total);

    /// <summary>How many reports have gone into the sum or out of it so far.</summary>
    internal long Summed { get; private set; }

    /// <summary>The members' ids (UTF-8), each once, in the order of their bytes; null when an edge has too many to tell.</summary>
    public IReadOnlyList<byte[]>? Names => Union() is { } names ? [.. names] : null;

    /// <summary>Members at an edge, in all partitions; 0 while it is left out.</summary>
    public uint TotalAt(TEdge edge) =>
        _byEdge.TryGetValue(edge, out EdgePresence? told) && told.IsCounted ? uint.CreateSaturating(told.Total) : 0;

    /// <summary>Takes what an edge tells; nobody left is the same as <see cref="Remove"/>.</summary>
    /// <param name="edge">Which edge.</param>
    /// <param name="generation">The generation that the counts are of.</param>
    /// <param name="counts">Members by partition; beyond <see cref="Partitioning.PartitionsMax"/> they are not taken.</param>
    /// <param name="names">Its members' ids; null when they are too many.</param>
    /// <returns>True when it is other than before.</returns>
    public bool Update(TEdge edge, ulong generation, ReadOnlySpan<uint> counts, IReadOnlyCollection<byte[]>? names)
    {
        counts = counts[..Math.Min(counts.Length, Partitioning.PartitionsMax)];
        if (!counts.ContainsAnyExcept(0u))
        {
            return Remove(edge);
        }

        bool known = _byEdge.TryGetValue(edge, out EdgePresence? before);
        if (!known && _byEdge.Count >= EdgesMax)
        {
            return false;
        }

        var told = new EdgePresence(generation, counts.ToArray(), names?.Count <= NamesMax ? [.. names] : null);
        Put(edge, before, told);
        return before is null || !before.IsCounted || !AreSame(before, told);
    }

    /// <summary>Leaves an edge out that is silent, and so may be gone, or counts it again; what it told is kept.</summary>
    /// <returns>True when that is other than before.</returns>
    public bool SetCounted(TEdge edge, bool isCounted)
    {
        if (!_byEdge.TryGetValue(edge, out EdgePresence? told) || told.IsCounted == isCounted)
        {
            return false;
        }

        Put(edge, told, told with { IsCounted = isCounted });
        return true;
    }

    /// <summary>Forgets an edge that is gone.</summary>
    /// <returns>True when it had members.</returns>
    public bool Remove(TEdge edge)
    {
        bool removed = _byEdge.Remove(edge, out EdgePresence? told);
        Uncount(told);
        return removed;
    }

    /// <summary>
    /// Members by partition of a generation. What an edge told of another generation, before a split reached it, is in
    /// <see cref="Total"/> only.
    /// </summary>
    public uint[] Counts(ulong generation, int partitions)
    {
        var counts = new uint[partitions];
        foreach (EdgePresence told in Counted)
        {
            for (int partition = 0; told.Generation == generation && partition < Math.Min(partitions, told.Counts.Length); partition++)
            {
                counts[partition] = Sum(counts[partition], told.Counts[partition]);
            }
        }

        return counts;
    }

    /// <summary>
    /// Who came and went since this was last asked. Nobody, when the room is larger than said, was so when last asked, or was
    /// not asked for yet: then nobody is announced who was there all the time. A user who has one more session, or one less,
    /// neither comes nor goes.
    /// </summary>
    /// <param name="membersMax">Most members of a room in which coming and going is announced; 0: never, as while edges still report after a fail-over.</param>
    public PresenceChange TakeChange(uint membersMax)
    {
        SortedSet<byte[]>? before = _announced;
        SortedSet<byte[]>? now = membersMax > 0 && Total <= membersMax ? Union() : null;
        _announced = now;
        return before is null || now is null
            ? PresenceChange.None
            : new PresenceChange([.. now.Where(name => !before.Contains(name))], [.. before.Where(name => !now.Contains(name))]);
    }

    private IEnumerable<EdgePresence> Counted => _byEdge.Values.Where(told => told.IsCounted);

    private static uint Sum(uint x, uint y) => x > uint.MaxValue - y ? uint.MaxValue : x + y;

    private static bool AreSame(EdgePresence x, EdgePresence y) =>
        x.Generation == y.Generation
        && x.Counts.AsSpan().SequenceEqual(y.Counts)
        && (x.Names is null) == (y.Names is null)
        && (x.Names is null || x.Names.ToHashSet(Utf8KeyComparer.Instance).SetEquals(y.Names!));

    private SortedSet<byte[]>? Union()
    {
        var names = new SortedSet<byte[]>(StateList.ByBytes);
        foreach (EdgePresence told in Counted)
        {
            if (told.Names is null)
            {
                return null;
            }

            names.UnionWith(told.Names);
        }

        return names;
    }

    private void Put(TEdge edge, EdgePresence? before, EdgePresence told)
    {
        Uncount(before);
        _byEdge[edge] = told;
        if (told.IsCounted)
        {
            _total += told.Total;
            Summed++;
        }
    }

    private void Uncount(EdgePresence? told)
    {
        if (told is { IsCounted: true })
        {
            _total -= told.Total;
            Summed++;
        }
    }
}
