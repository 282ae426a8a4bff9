using System.Text;

namespace RelayServer.Edge.Rooms;

/// <summary>A room with members on this edge: who they are, and the logs that are followed for them.</summary>
internal sealed class EdgeRoom(byte[] name)
{
    private readonly List<Membership> _memberships = new(1);
    private readonly List<PartitionFeed> _feeds = new(1);

    public byte[] Name { get; } = name;

    /// <summary>The same for the fabric.</summary>
    public string Channel { get; } = Encoding.ASCII.GetString(name);

    public int Slot { get; } = RelayServer.Fabric.Slot.Of(name);

    /// <summary>The owner has told the top.</summary>
    public bool IsOpen { get; set; }

    public IReadOnlyList<Membership> Memberships => _memberships;

    public IReadOnlyList<PartitionFeed> Feeds => _feeds;

    /// <summary>Members that wait for the owner's answer; absent while there are none.</summary>
    public List<Membership>? Waiting { get; private set; }

    public void Add(Membership membership)
    {
        membership.Index = _memberships.Count;
        _memberships.Add(membership);
    }

    public void Remove(Membership membership)
    {
        Membership last = _memberships[^1];
        _memberships[membership.Index] = last;
        last.Index = membership.Index;
        _memberships.RemoveAt(_memberships.Count - 1);
        Waiting?.Remove(membership);
    }

    public void Wait(Membership membership) => (Waiting ??= []).Add(membership);

    /// <summary>Takes out all that wait.</summary>
    public IReadOnlyList<Membership> TakeWaiting()
    {
        IReadOnlyList<Membership> waiting = Waiting ?? [];
        Waiting = null;
        return waiting;
    }

    public void Add(PartitionFeed feed) => _feeds.Add(feed);

    public void Remove(PartitionFeed feed) => _feeds.Remove(feed);

    /// <summary>The feed of a partition; null when none is followed.</summary>
    public PartitionFeed? Find(ulong generation, uint partition)
    {
        foreach (PartitionFeed feed in _feeds)
        {
            if (feed.Log.Partition == partition && feed.Log.Generation == generation)
            {
                return feed;
            }
        }

        return null;
    }
}
