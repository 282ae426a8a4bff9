using RelayServer.Edge.Hosting;
using RelayServer.Edge.Upstream;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>The rooms that have members on this edge, and who joins and leaves them.</summary>
internal sealed class RoomTable
{
    private readonly EdgeOptions _options;
    private readonly IEdgeEffects _effects;
    private readonly EdgeCounters _counters;
    private readonly Dictionary<byte[], EdgeRoom> _rooms = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], EdgeRoom>.AlternateLookup<ReadOnlySpan<byte>> _byName;

    public RoomTable(EdgeOptions options, IEdgeEffects effects, EdgeCounters counters, UpstreamRouter upstream)
    {
        _options = options;
        _effects = effects;
        _counters = counters;
        _byName = _rooms.GetAlternateLookup<ReadOnlySpan<byte>>();
        Interests = new Interests(upstream, _rooms.Values);
        Reads = new LogReads(options.CatchUpReadsMax, effects, counters);
        CatchUp = new CatchUp(effects, counters, Reads);
        Arrivals = new Arrivals(effects, counters, CatchUp);
        Feeds = new LiveFeeds(options, effects, counters, Reads) { CursorMoved = CatchUp.CursorMoved };
    }

    public Interests Interests { get; }

    public LogReads Reads { get; }

    public LiveFeeds Feeds { get; }

    public CatchUp CatchUp { get; }

    public Arrivals Arrivals { get; }

    public int Count => _rooms.Count;

    public int MembershipCount { get; private set; }

    public EdgeRoom? Find(ReadOnlySpan<byte> name) => _byName.TryGetValue(name, out EdgeRoom? room) ? room : null;

    /// <summary>One more member of this room is within the bounds.</summary>
    public bool HasRoomFor(ReadOnlySpan<byte> name) =>
        MembershipCount < _options.MembershipsMax && (Count < _options.ChannelsMax || Find(name) is not null);

    /// <summary>The room; a new one asks its owner for the top.</summary>
    public EdgeRoom GetOrOpen(ReadOnlySpan<byte> name, ulong nowMilliseconds)
    {
        if (Find(name) is { } known)
        {
            return known;
        }

        var room = new EdgeRoom(name.ToArray());
        _rooms.Add(room.Name, room);
        Interests.Show(room, nowMilliseconds);
        return room;
    }

    public void Join(Membership membership)
    {
        EdgeRoom room = membership.Room;
        membership.Session.Add(membership);
        room.Add(membership);
        MembershipCount++;
        if (room.IsOpen)
        {
            Begin(membership);
        }
        else
        {
            room.Wait(membership);
        }
    }

    public void Leave(Membership membership, ulong nowMilliseconds)
    {
        EdgeRoom room = membership.Room;
        if (membership.Reader is { } reader)
        {
            Stop(reader);
        }

        membership.Session.Remove(membership);
        room.Remove(membership);
        MembershipCount--;
        _counters.Leaves++;
        if (room.Memberships.Count == 0)
        {
            Close(room, nowMilliseconds);
        }
    }

    /// <summary>The owner has told where the log of a new room ends.</summary>
    public void Opened(EdgeRoom room, Position top)
    {
        room.IsOpen = true;
        room.Add(new PartitionFeed(room, top));
        foreach (Membership membership in room.TakeWaiting())
        {
            Begin(membership);
        }
    }

    /// <summary>Members that have waited too long for their room's owner.</summary>
    public IReadOnlyList<Membership> TakeOverdue(ulong nowMilliseconds)
    {
        var overdue = new List<Membership>();
        foreach (EdgeRoom room in _rooms.Values)
        {
            overdue.AddRange((room.Waiting ?? []).Where(membership =>
                membership.Request is { } request
                && nowMilliseconds - request.BeganAtMilliseconds >= (ulong)_options.PublishHoldMilliseconds));
        }

        return overdue;
    }

    private void Begin(Membership membership) => Arrivals.Begin(membership, membership.Room.Feeds[0]);

    private void Stop(Reader reader)
    {
        if (reader.Phase == ReaderPhase.Live)
        {
            _effects.RemoveMember(reader.Feed, reader.Session);
        }

        reader.Phase = ReaderPhase.Left;
        reader.Feed.Ahead?.Remove(reader);
        reader.Feed.ReaderCount--;
    }

    private void Close(EdgeRoom room, ulong nowMilliseconds)
    {
        _rooms.Remove(room.Name);
        foreach (PartitionFeed feed in room.Feeds)
        {
            Feeds.Forget(feed);
        }

        Interests.Lose(room, nowMilliseconds);
    }
}
