using System.Diagnostics.CodeAnalysis;
using RelayServer.Protocol;

namespace RelayServer.Master.Links;

/// <summary>The edges that a master has heard from lately, and for how long it waits for those that are behind.</summary>
internal sealed class EdgeTable
{
    private readonly MasterOptions _options;
    private readonly Dictionary<byte[], EdgeLink> _links = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], EdgeLink>.AlternateLookup<ReadOnlySpan<byte>> _linksByName;
    private ulong _linkNumber;

    public EdgeTable(MasterOptions options)
    {
        _options = options;
        _linksByName = _links.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _links.Count;

    /// <summary>Their links; one may be removed while they are gone through.</summary>
    public Dictionary<byte[], EdgeLink>.ValueCollection Links => _links.Values;

    public bool TryGet(ReadOnlySpan<byte> edgeId, [NotNullWhen(true)] out EdgeLink? link) => _linksByName.TryGetValue(edgeId, out link);

    public EdgeLink GetOrAdd(ReadOnlySpan<byte> edgeId)
    {
        if (!TryGet(edgeId, out EdgeLink? link))
        {
            link = new EdgeLink(edgeId.ToArray(), ++_linkNumber);
            _links.Add(link.EdgeId, link);
        }

        return link;
    }

    public void Remove(EdgeLink link) => _links.Remove(link.EdgeId);

    /// <summary>Forgets them all; numbers of links go on, so that an old one is never taken for a new one.</summary>
    public void Clear()
    {
        foreach (EdgeLink link in _links.Values)
        {
            link.Dispose();
        }

        _links.Clear();
    }

    /// <summary>
    /// An edge owes so many confirmations that it is better to wait for it. Most edges behind: the publishers are too
    /// fast, and waiting is what slows them. A few: they are, and may hold the others up for a tenth of the time at most.
    /// </summary>
    public bool MustWait(ulong nowMilliseconds)
    {
        int behind = 0;
        foreach (EdgeLink link in _links.Values)
        {
            if (link.IsSkipped)
            {
                behind++;
            }
            else if (link.UnconfirmedBytes > _options.EdgeUnconfirmedBytesMax)
            {
                behind++;
                link.Stall(nowMilliseconds);
            }
        }

        return behind > 0 && MustWait(nowMilliseconds, areMostBehind: 2 * behind > _links.Count);
    }

    private bool MustWait(ulong nowMilliseconds, bool areMostBehind)
    {
        bool wait = false;
        ulong patience = (ulong)_options.EdgeStallMilliseconds;
        foreach (EdgeLink link in _links.Values)
        {
            if (link.StalledSinceMilliseconds == 0)
            {
                continue;
            }

            ulong waited = nowMilliseconds - link.StalledSinceMilliseconds;
            if (waited >= (areMostBehind ? patience : link.PatienceLeft(patience, nowMilliseconds)))
            {
                link.Skip(nowMilliseconds);
            }
            else
            {
                wait = true;
            }
        }

        return wait;
    }
}
