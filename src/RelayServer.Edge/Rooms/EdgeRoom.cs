using System.Text;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>A room with members on this edge: who they are, how it is divided, and the logs that are read for them.</summary>
/// <param name="name">Its name.</param>
/// <param name="edge">The name of this edge, by which rooms may be divided.</param>
internal sealed class EdgeRoom(byte[] name, string edge)
{
    /// <summary>As a room is that was never split.</summary>
    public static readonly Partitioning Undivided = Partitioning.Whole(0);

    private readonly List<Membership> _memberships = new(1);
    private readonly List<PartitionFeed> _feeds = new(1);
    private MasterLink? _toldBy;
    private ulong _toldOnLink;
    private MasterLink? _stateBy;
    private ulong _stateOnLink;
    private LinkedListNode<EdgeRoom>? _presence;

    public byte[] Name { get; } = name;

    /// <summary>The name of this edge.</summary>
    public string Edge { get; } = edge;

    /// <summary>The same for the fabric.</summary>
    public string Channel { get; } = Encoding.UTF8.GetString(name);

    public int Slot { get; } = RelayServer.Fabric.Slot.Of(name);

    /// <summary>The owner has told the tops.</summary>
    public bool IsOpen { get; set; }

    /// <summary>An answer of the owner is due.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Everything about it that is not messages; null when nothing was ever changed.</summary>
    public RoomState? State { get; private set; }

    /// <summary>The relay that is being taken tells of deletions: messages that come with it may be among them.</summary>
    public bool HasNewDeletions { get; set; }

    /// <summary>How it is divided now, as far as is known here: by its state, or by a log that was read to its end.</summary>
    public Partitioning Current { get; private set; } = Undivided;

    /// <summary>The newest generation that is known to exist, also when it is not known yet how it is divided.</summary>
    public ulong NewestGeneration { get; private set; }

    /// <summary>The store has lost the newest generations: their readers go back when the owner tells where to.</summary>
    public bool IsReturning { get; set; }

    /// <summary>Members that want every partition.</summary>
    public int Observers { get; set; }

    /// <summary>Members of all partitions, on all edges, when that was last told.</summary>
    public uint MembersTotal { get; set; }

    /// <summary>The same by partition.</summary>
    public uint[] Sizes { get; set; } = [];

    /// <summary>Not before then are members told how many they are again.</summary>
    public ulong CountsDueMilliseconds { get; set; }

    /// <summary>ROOM as it is now, by the role of whom it is told; absent until somebody is.</summary>
    public SharedFrame?[]? StatusByRole { get; set; }

    /// <summary>Not before then are members told of another change.</summary>
    public ulong ChangesDueMilliseconds { get; set; }

    /// <summary>Its place among the rooms whose owners are to be told who is here; in no list while the owner knows.</summary>
    public LinkedListNode<EdgeRoom> Presence => _presence ??= new LinkedListNode<EdgeRoom>(this);

    /// <summary>Not before then is the owner told again.</summary>
    public ulong PresenceDueMilliseconds { get; set; }

    /// <summary>Where everybody at this edge belongs; null when that depends on the user.</summary>
    public uint? CommonPartition => Current.Mode == SplitMode.Whole ? 0 : Current.PartitionOfEdge(Edge);

    /// <summary>What members gave since that was last sent; absent before the first.</summary>
    public ReactionSum? Reactions { get; set; }

    public IReadOnlyList<Membership> Memberships => _memberships;

    public IReadOnlyList<PartitionFeed> Feeds => _feeds;

    /// <summary>Members that wait for the owner's answer; absent while there are none.</summary>
    public List<Membership>? Waiting { get; private set; }

    /// <summary>The oldest generation whose logs are still there.</summary>
    public Partitioning Oldest => State?.Generations[0] ?? Undivided;

    public void Add(Membership membership)
    {
        membership.Index = _memberships.Count;
        _memberships.Add(membership);
        Observers += membership.IsObserver ? 1 : 0;
    }

    public void Remove(Membership membership)
    {
        Membership last = _memberships[^1];
        _memberships[membership.Index] = last;
        last.Index = membership.Index;
        _memberships.RemoveAt(_memberships.Count - 1);
        Observers -= membership.IsObserver ? 1 : 0;
        Waiting?.Remove(membership);
    }

    /// <summary>The member is an observer no longer.</summary>
    public void StopObserving(Membership membership)
    {
        membership.IsObserver = false;
        Observers--;
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

    /// <summary>The live feed of a partition; null when there is none.</summary>
    public PartitionFeed? Find(ulong generation, uint partition)
    {
        foreach (PartitionFeed feed in _feeds)
        {
            if (feed.Log.Partition == partition && feed.Log.Generation == generation && feed.IsLive)
            {
                return feed;
            }
        }

        return null;
    }

    /// <summary>Notes that a generation exists.</summary>
    public void HasSeen(ulong generation) => NewestGeneration = Math.Max(NewestGeneration, generation);

    /// <summary>Takes note of how the newest generation is divided; of an older one nothing.</summary>
    /// <param name="next">It.</param>
    /// <param name="owner">Who owned the room when this became known.</param>
    public void Learn(Partitioning next, MasterLink? owner)
    {
        bool isNewer = next.Generation > Current.Generation;
        if (isNewer || (next.Generation == Current.Generation && next.Count > Current.Count))
        {
            Current = next;
            HasSeen(next.Generation);
        }

        if (isNewer)
        {
            ToldBy(owner);
        }
    }

    /// <summary>
    /// True when an owner's word about how the room is divided contradicts what is known here, and is not merely older: it
    /// comes over another link than the knowledge did, so the store has lost what came between.
    /// </summary>
    public bool IsContradictedBy(Partitioning told, MasterLink link) =>
        (link != _toldBy || link.Number != _toldOnLink)
        && (told.Generation < Current.Generation || (told.Generation == Current.Generation && !Current.IsContinuedBy(told)));

    /// <summary>
    /// Takes what an owner tells of the room; false when that was known. Over one link a version is told of one state only.
    /// Another owner may have given it anew, when the store has lost the one that had it.
    /// </summary>
    public bool Take(RoomState state, MasterLink link)
    {
        bool isSameLink = link == _stateBy && link.Number == _stateOnLink;
        bool isKnown = State is { } known
            && known.Version == state.Version
            && (isSameLink || known.Encode().AsSpan().SequenceEqual(state.Encode()));
        State = state;
        _stateBy = link;
        _stateOnLink = link.Number;
        return !isKnown;
    }

    /// <summary>Nothing was ever changed in the room, as the store has lost what was.</summary>
    public void ForgetState() => State = null;

    /// <summary>Goes back to what the owner says.</summary>
    public void Return(Partitioning told, MasterLink link)
    {
        Current = told;
        NewestGeneration = told.Generation;
        IsReturning = true;
        ToldBy(link);
    }

    /// <summary>How a generation is divided that is still there; null when that is not known, or when it is gone.</summary>
    public Partitioning? PartitioningOf(ulong generation) =>
        generation == Current.Generation ? Current : generation < Current.Generation ? State?.Generation(generation) ?? OnlyBefore(generation) : null;

    /// <summary>Where a user belongs; null while the owner has yet to give this edge a partition of its own.</summary>
    public uint? PartitionOf(Partitioning partitioning, ReadOnlySpan<byte> user) =>
        partitioning.Mode == SplitMode.Edges
        && partitioning.Generation == Current.Generation
        && partitioning.Count < Partitioning.PartitionsMax
        && partitioning.PartitionOfEdge(Edge) is null
            ? null
            : partitioning.PartitionOf(user, Edge);

    /// <summary>The owner relays this partition of the current generation here.</summary>
    public bool Follows(uint partition) =>
        Current.Mode != SplitMode.Edges
        || Observers > 0
        || (Current.PartitionOfEdge(Edge) is { } own ? own == partition : Current.Count >= Partitioning.PartitionsMax);

    /// <summary>Edges may have come to it that are not known here: while it lasts, and until its owner has told all of it.</summary>
    public bool MayGrow(Partitioning partitioning) =>
        partitioning.Mode == SplitMode.Edges && (partitioning.Generation == Current.Generation || IsStateBehind);

    /// <summary>A newer generation was read of than its owner has told: those in between are not known here.</summary>
    public bool IsStateBehind => (State?.Current ?? Undivided).Generation < Current.Generation;

    public Role RoleOf(EdgeSession session) =>
        State?.RoleOf(session.UserId, session.Role) ?? (session.Role == Role.None ? Role.Member : session.Role);

    // Before the first state arrives a room that was split once is known by its notice alone.
    private Partitioning? OnlyBefore(ulong generation) => State is null && generation == 0 ? Undivided : null;

    private void ToldBy(MasterLink? owner)
    {
        _toldBy = owner;
        _toldOnLink = owner?.Number ?? 0;
    }
}
