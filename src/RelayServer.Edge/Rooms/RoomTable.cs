using System.Net;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Upstream;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>The rooms that have members on this edge, and who joins and leaves them.</summary>
internal sealed class RoomTable
{
    private static readonly RoomState NeverChanged = new();

    private readonly EdgeOptions _options;
    private readonly EdgeCounters _counters;
    private readonly Refusals _refusals;
    private readonly string _edge;
    private readonly ObserverArrivals _observers;
    private readonly Moderation _moderation;
    private readonly Dictionary<byte[], EdgeRoom> _rooms = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], EdgeRoom>.AlternateLookup<ReadOnlySpan<byte>> _byName;

    public RoomTable(
        EdgeOptions options, string edge, IEdgeEffects effects, EdgeCounters counters, UpstreamRouter upstream, Refusals refusals)
    {
        _options = options;
        _counters = counters;
        _refusals = refusals;
        _edge = edge;
        _byName = _rooms.GetAlternateLookup<ReadOnlySpan<byte>>();
        Presence = new PresenceReports(options, counters, upstream);
        Reactions = new ReactionReports(upstream);
        Interests = new Interests(upstream, _rooms.Values, Presence);
        Reads = new LogReads(options.CatchUpReadsMax, effects, counters);
        CatchUp = new CatchUp(effects, counters, Reads)
        {
            EndReached = reader => Switches!.GoOn(reader),
            EndMissing = reader => Switches!.EndMissing(reader),
            EndFound = EndFound,
        };
        Feeds = new LiveFeeds(options, effects, counters, Reads)
        {
            CursorMoved = CatchUp.CursorMoved,
            Ended = Ended,
            Vanished = feed => Switches!.Vanished(feed),
        };
        FeedTable = new FeedTable(Feeds);
        Switches = new Switches(effects, counters, FeedTable, CatchUp, Interests);
        Frames = new RoomFrames(effects, counters);
        Arrivals = new Arrivals(effects, counters, CatchUp, FeedTable, Interests) { HasJoined = HasJoined };
        _observers = new ObserverArrivals(Arrivals, Switches, FeedTable);
        _moderation = new Moderation(effects, counters, Feeds, Switches, refusals) { Leave = Leave };
    }

    public PresenceReports Presence { get; }

    public ReactionReports Reactions { get; }

    public RoomFrames Frames { get; }

    public Interests Interests { get; }

    public LogReads Reads { get; }

    public LiveFeeds Feeds { get; }

    public FeedTable FeedTable { get; }

    public CatchUp CatchUp { get; }

    public Switches Switches { get; }

    public Arrivals Arrivals { get; }

    public int Count => _rooms.Count;

    public int MembershipCount { get; private set; }

    public EdgeRoom? Find(ReadOnlySpan<byte> name) => _byName.TryGetValue(name, out EdgeRoom? room) ? room : null;

    /// <summary>One more member of this room is within the bounds.</summary>
    public bool HasRoomFor(ReadOnlySpan<byte> name) =>
        MembershipCount < _options.MembershipsMax && (Count < _options.ChannelsMax || Find(name) is not null);

    /// <summary>
    /// Why a session that is not in a room may have nothing to do with it; null when it may. Where the room has no members
    /// here its owner decides, and is told <see cref="AddressFor"/>.
    /// </summary>
    public ControlRefusal? KeptOut(EdgeSession session, ReadOnlySpan<byte> name, ulong nowMilliseconds) =>
        Find(name) is { IsOpen: true } room ? Moderation.KeptOut(room, session, nowMilliseconds) : null;

    /// <summary>What the owner of a room has to be told of where a session comes from; null when that was looked at here.</summary>
    public IPAddress? AddressFor(EdgeSession session, ReadOnlySpan<byte> name) => Find(name) is { IsOpen: true } ? null : session.Address;

    /// <summary>The room; a new one asks its owner for the tops.</summary>
    public EdgeRoom GetOrOpen(ReadOnlySpan<byte> name, ulong nowMilliseconds)
    {
        if (Find(name) is { } known)
        {
            return known;
        }

        var room = new EdgeRoom(name.ToArray(), _edge);
        _rooms.Add(room.Name, room);
        Interests.Show(room, nowMilliseconds);
        return room;
    }

    public void Join(Membership membership, ulong nowMilliseconds)
    {
        EdgeRoom room = membership.Room;
        membership.Session.Add(membership);
        room.Add(membership);
        MembershipCount++;
        if (membership.IsObserver && room.Observers == 1)
        {
            Interests.Change(room);
        }

        if (room.IsOpen)
        {
            Begin(membership, null, nowMilliseconds);
        }
        else
        {
            room.Wait(membership);
        }
    }

    public void Leave(Membership membership, ulong nowMilliseconds)
    {
        EdgeRoom room = membership.Room;
        Switches.Stop(membership);
        membership.Session.Remove(membership);
        room.Remove(membership);
        MembershipCount--;
        _counters.Leaves++;
        if (membership.IsJoined)
        {
            Presence.Changed(room);
        }

        if (room.Memberships.Count == 0)
        {
            _rooms.Remove(room.Name);
            FeedTable.Close(room);
            Presence.Forget(room);
            Reactions.Forget(room);
            Frames.Forget(room);
            Interests.Lose(room, nowMilliseconds);
        }
        else if (membership.IsObserver && room.Observers == 0)
        {
            Interests.Change(room);
            FeedTable.DropUnneeded(room);
        }
    }

    /// <summary>The owner has told all about a room that is not messages.</summary>
    public void StateChanged(EdgeRoom room, RoomState state, MasterLink link, ulong nowMilliseconds)
    {
        if (room.IsContradictedBy(state.Current, link))
        {
            Return(room, state.Current, link);
        }
        else
        {
            bool hasGrown = state.Current.Generation == room.Current.Generation && state.Current.Count > room.Current.Count;
            room.Learn(state.Current, link);
            if (hasGrown && room.IsOpen)
            {
                Switches.Grown(room);
            }
        }

        RoomState before = room.State ?? NeverChanged;
        if (room.Take(state, link))
        {
            Presence.Changed(room);
            _moderation.Changed(room, before, nowMilliseconds);
            Frames.Changed(room, nowMilliseconds);
        }
    }

    /// <summary>The relay that has told of a change is over.</summary>
    public void SettleChange(EdgeRoom room)
    {
        _moderation.Settle(room);
        SeekEnds(room, isAgain: true);
    }

    /// <summary>The owner has told where the logs of a room end, all as of one moment.</summary>
    public void Opened(EdgeRoom room, IReadOnlyList<Position> tops, MasterLink link, ulong nowMilliseconds)
    {
        if (room.Memberships.Count == 0)
        {
            // Everybody was put out by what came before this.
            return;
        }

        room.IsAsked = false;
        ulong generation = tops[0].Generation;
        room.HasSeen(generation);
        if (generation == 0 && room.IsContradictedBy(EdgeRoom.Undivided, link))
        {
            // Of a room that was never split nothing else is told.
            Return(room, EdgeRoom.Undivided, link);
            room.ForgetState();
            _moderation.Enforce(room, nowMilliseconds);
            Frames.Changed(room, nowMilliseconds);
        }

        if (generation != room.Current.Generation)
        {
            // How that one is divided comes with it, or was told after it.
            Interests.Unserved(room);
            return;
        }

        foreach (Position top in tops)
        {
            if (room.Follows(top.Partition) && room.Find(generation, top.Partition) is null)
            {
                room.Add(new PartitionFeed(room, top));
            }
        }

        room.IsOpen = true;
        if (room.IsReturning)
        {
            Returned(room);
        }

        // What they ask again is asked once, for all, and not for ever as fast as it is answered.
        room.IsAsked = true;
        foreach (Membership membership in room.TakeWaiting())
        {
            if (membership.Request is { } request)
            {
                request.Answers++;
                Begin(membership, tops, nowMilliseconds);
            }
            else
            {
                Switches.Answered(membership, tops);
            }
        }

        room.IsAsked = false;
        AskForThoseWhoWait(room);
    }

    /// <summary>The end of a relay: logs of older generations whose end did not come are read.</summary>
    /// <param name="room">Whose.</param>
    /// <param name="isAgain">Also when that was done because of the same generation before.</param>
    public void SeekEnds(EdgeRoom room, bool isAgain)
    {
        // One that goes may take others with it.
        for (int i = room.Feeds.Count - 1; i >= 0; i = Math.Min(i, room.Feeds.Count) - 1)
        {
            PartitionFeed feed = room.Feeds[i];
            if (feed.IsLive && feed.Log.Generation < room.NewestGeneration)
            {
                FeedTable.DropUnneeded(feed);
                if (feed.IsGone)
                {
                    continue;
                }

                if (feed.Log.Generation < room.Oldest.Generation)
                {
                    Switches.Vanished(feed);
                }
                else
                {
                    Feeds.SeekEnd(feed, isAgain);
                }
            }
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

    private void Begin(Membership membership, IReadOnlyList<Position>? tops, ulong nowMilliseconds)
    {
        ControlRefusal? refusal = Moderation.MayBeIn(membership.Room, membership.Session, nowMilliseconds)
            ?? (membership.IsObserver ? _observers.Begin(membership) : Arrivals.Begin(membership, tops));
        if (refusal is not null)
        {
            _refusals.Refuse(membership.Session, membership.Request!.Correlation, refusal, membership.Room.Name);
            Leave(membership, nowMilliseconds);
        }
    }

    private void HasJoined(Membership membership)
    {
        Frames.Tell(membership);
        Presence.Changed(membership.Room);
    }

    private void Ended(PartitionFeed feed, SplitNotice end)
    {
        Switches.Ended(feed, end);
        Presence.Changed(feed.Room);
    }

    private void AskForThoseWhoWait(EdgeRoom room)
    {
        if (room.Waiting is not { Count: > 0 } waiting)
        {
            return;
        }

        if (waiting.Exists(static membership => membership.Request is { Answers: < JoinRequest.AnswersMax }))
        {
            Interests.Ask(room);
        }
        else
        {
            Interests.Unserved(room);
        }
    }

    private void EndFound(PartitionFeed feed, Position at, SplitNotice end)
    {
        if (feed.IsPast)
        {
            Switches.Found(feed, at, end);
        }
        else
        {
            feed.Room.HasSeen(end.To.Generation);
            Feeds.SeekEnd(feed, isAgain: false);
        }
    }

    // The store has lost the newest generations. Who reads them goes on where the owner says, as soon as it does; logs that
    // had ended with them may go on.
    private static void Return(EdgeRoom room, Partitioning told, MasterLink link)
    {
        bool isOther = told.Generation == room.Current.Generation;
        room.Return(told, link);
        foreach (PartitionFeed feed in room.Feeds)
        {
            if (feed.Log.Generation > told.Generation || (isOther && feed.Log.Generation == told.Generation))
            {
                feed.IsPast = true;
            }
            else if (feed.Log.Generation == told.Generation)
            {
                feed.Onward = null;
            }
        }
    }

    private void Returned(EdgeRoom room)
    {
        room.IsReturning = false;
        foreach (Membership membership in room.Memberships)
        {
            if (membership.Reader is not { Feed: { IsPast: true } feed } || feed.Log.Generation < room.Current.Generation)
            {
                continue;
            }

            if (membership.IsJoined)
            {
                Switches.StartAgain(membership);
            }
            else
            {
                Switches.Stop(membership);
                membership.Reader = null;
                room.Wait(membership);
            }
        }

        FeedTable.DropUnneeded(room);
    }
}
