using RelayServer.Master.Links;
using RelayServer.Rooms;

namespace RelayServer.Master.Channels;

/// <summary>
/// The edges that want what comes in a channel, and which of its present logs each of them gets. After a takeover they all
/// come one by one, so that nothing here is worked out anew for all of them because of one.
/// </summary>
internal sealed class Audience(ChannelState channel)
{
    private readonly HashSet<EdgeLink> _observing = [];

    public HashSet<EdgeLink> Interested { get; } = [];

    /// <summary>An edge wants what comes; when it observes, of every partition whatever the division.</summary>
    public void Add(EdgeLink link, bool observes)
    {
        bool isNew = Interested.Add(link);
        bool isOther = observes ? _observing.Add(link) : _observing.Remove(link);
        if (isNew || isOther)
        {
            Address(link);
        }
    }

    /// <summary>An edge wants nothing more; false when it did not before.</summary>
    public bool Remove(EdgeLink link)
    {
        bool wasInterested = Interested.Remove(link);
        _observing.Remove(link);
        Address(link);
        return wasInterested;
    }

    /// <summary>The channel is divided anew, or has been read.</summary>
    public void Divided()
    {
        if (channel.Division.Mode != SplitMode.Edges)
        {
            return;
        }

        foreach (PartitionLog log in channel.Partitions)
        {
            log.Recipients = [];
        }

        foreach (EdgeLink link in Interested)
        {
            Address(link);
        }
    }

    /// <summary>An edge was given a partition of its own.</summary>
    public void Added(PartitionLog own, string edge)
    {
        own.Recipients = [];
        foreach (EdgeLink link in Interested)
        {
            if (link.EdgeName == edge)
            {
                // It got everything until now.
                Address(link);
            }
            else if (OnlyPartitionOf(link) is null)
            {
                own.Recipients.Add(link);
            }
        }
    }

    private void Address(EdgeLink link)
    {
        if (channel.Division.Mode != SplitMode.Edges)
        {
            return;
        }

        bool isInterested = Interested.Contains(link);
        uint? only = OnlyPartitionOf(link);
        foreach (PartitionLog log in channel.Partitions)
        {
            if (isInterested && (only is null || only == log.Key.Partition))
            {
                log.Recipients.Add(link);
            }
            else
            {
                log.Recipients.Remove(link);
            }
        }
    }

    // Null for an edge that gets all: it observes, or it is beyond the number that may have partitions of their own, and its
    // members are dealt out by their names.
    private uint? OnlyPartitionOf(EdgeLink link) =>
        _observing.Contains(link) ? null : channel.Division.PartitionOfEdge(link.EdgeName);
}
