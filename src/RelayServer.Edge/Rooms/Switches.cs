using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// Brings readers from the end of one log to the beginning of the next: each at exactly the message with which its room
/// was split or merged.
/// </summary>
internal sealed class Switches(IEdgeEffects effects, EdgeCounters counters, FeedTable feeds, CatchUp catchUp, Interests interests)
{
    /// <summary>The members of a feed were given the last that its log has.</summary>
    public void Ended(PartitionFeed feed, SplitNotice end)
    {
        EdgeRoom room = feed.Room;
        feed.Onward = Onward.To(end, feed.Cursor.Epoch);
        room.Learn(end.To, interests.OwnerOf(room));
        Leave(feed, GoOn);
    }

    /// <summary>The log of a live feed is gone, or has lost its end: its members are told, and go on behind it.</summary>
    public void Vanished(PartitionFeed feed)
    {
        feed.IsPast = true;
        Leave(feed, EndMissing);
    }

    /// <summary>A reader has found the end of a log that nobody follows.</summary>
    public void Found(PartitionFeed feed, Position at, SplitNotice end)
    {
        feed.Cursor = at;
        feed.IsPast = false;
        feed.Onward = Onward.To(end, at.Epoch);
        feed.Room.Learn(end.To, interests.OwnerOf(feed.Room));
    }

    /// <summary>A reader has everything of a log that has ended.</summary>
    public void GoOn(Reader reader) => GoOn(reader, null);

    /// <summary>The same.</summary>
    /// <param name="reader">It.</param>
    /// <param name="tops">The tops of all partitions as of one moment, if the owner has just told them.</param>
    public void GoOn(Reader reader, IReadOnlyList<Position>? tops)
    {
        Membership membership = reader.Membership;
        Onward onward = reader.Feed.Onward!;
        if (onward.Next is not { } next)
        {
            Move(reader, onward.Then, GapReason.Moved);
        }
        else if (membership.IsObserver)
        {
            Observed(reader, onward);
        }
        else
        {
            Enter(reader, next, onward.Then.Epoch, tops);
        }
    }

    /// <summary>A log that is over has no end: the store has lost it, or dropped it as too old.</summary>
    public void EndMissing(Reader reader)
    {
        EdgeRoom room = reader.Membership.Room;
        ulong generation = reader.Feed.Log.Generation;
        if (generation >= room.Current.Generation)
        {
            StartAgain(reader.Membership);
        }
        else if (room.IsStateBehind)
        {
            Wait(reader);
        }
        else
        {
            Skip(reader, room.PartitioningOf(generation + 1) ?? (room.Oldest.Generation > generation ? room.Oldest : room.Current), GapReason.Trimmed);
        }
    }

    /// <summary>A member waited for the owner to tell the tops, or for a partition of its edge's own.</summary>
    public void Answered(Membership membership, IReadOnlyList<Position> tops)
    {
        for (Reader? reader = membership.Reader; reader is not null; reader = reader.Next)
        {
            if (reader.Phase == ReaderPhase.Waiting)
            {
                if (reader.Feed.Onward is null)
                {
                    EndMissing(reader);
                }
                else if (FeedOrder.IsSame(reader.Position, reader.Feed.Cursor))
                {
                    GoOn(reader, tops);
                }
                else
                {
                    // The end was found meanwhile, by another, and not where this one is.
                    catchUp.Verify(reader);
                }

                return;
            }
        }
    }

    /// <summary>
    /// What a member has is no part of the room's history any more: it goes on with what is new. The member is told so.
    /// </summary>
    public void StartAgain(Membership membership)
    {
        EdgeRoom room = membership.Room;
        Reader reader = membership.Reader!;
        Position after = reader.Phase == ReaderPhase.Live ? reader.Feed.Cursor : reader.Position;
        Partitioning current = room.Current;
        uint? own = membership.IsObserver ? 0 : room.PartitionOf(current, membership.Session.UserId);
        if (own is not { } first || room.Find(current.Generation, first) is null)
        {
            room.IsReturning = true;
            interests.Ask(room);
            return;
        }

        Stop(membership);
        membership.Reader = null;
        uint end = membership.IsObserver ? (uint)current.Count : first + 1;
        for (uint partition = first; partition < end; partition++)
        {
            Position at = room.Find(current.Generation, partition)?.Cursor ?? new Position(current.Generation, partition, 0, 0);
            Begin(membership, after, at, GapReason.HistoryDiverged);
        }
    }

    /// <summary>Partitions have come to the room: observers read them from the beginning.</summary>
    public void Grown(EdgeRoom room)
    {
        foreach (Membership membership in room.Memberships)
        {
            if (membership is not { IsObserver: true, IsJoined: true, Reader: { } head } || head.Feed.Log.Generation != room.Current.Generation)
            {
                continue;
            }

            BeginLater(membership, room.Current.Count);
        }
    }

    /// <summary>An observer may be one no longer: it keeps the partition in which it belongs.</summary>
    public void Demote(Membership membership)
    {
        EdgeRoom room = membership.Room;
        Reader head = membership.Reader!;
        Partitioning? partitioning = room.PartitioningOf(head.Feed.Log.Generation);
        uint own = partitioning is null ? 0 : room.PartitionOf(partitioning, membership.Session.UserId) ?? 0;
        Reader? kept = head;
        while (kept is not null && kept.Feed.Log.Partition != own)
        {
            kept = kept.Next;
        }

        kept ??= head;
        for (Reader? reader = head; reader is not null; reader = reader.Next)
        {
            if (reader != kept)
            {
                Stop(reader);
            }
        }

        room.StopObserving(membership);
        membership.Reader = kept;
        kept.Next = null;
        if (kept.Phase == ReaderPhase.Ended)
        {
            FeedTable.Attach(kept, kept.Feed);
            GoOn(kept);
        }
        else if (!kept.IsArriving)
        {
            Stay(kept);
        }
    }

    /// <summary>A member reads nothing any more.</summary>
    public void Stop(Membership membership)
    {
        for (Reader? reader = membership.Reader; reader is not null; reader = reader.Next)
        {
            Stop(reader);
        }
    }

    /// <summary>An observer, which is told each partition's beginning, gets a reader that goes on there.</summary>
    public void Begin(Membership membership, Position after, Position at, GapReason reason) => Start(Open(membership, after, at, reason));

    /// <summary>
    /// The same for several partitions. None begins before all are there: the first may have nothing more to read, and an observer
    /// that has nothing more to read anywhere goes on to the next generation.
    /// </summary>
    public void BeginEach(Membership membership, Position after, IEnumerable<Position> places, GapReason reason)
    {
        foreach (Reader reader in places.Select(at => Open(membership, after, at, reason)).ToArray())
        {
            Start(reader);
        }
    }

    /// <summary>A reader that was opened begins, unless it is over already.</summary>
    public void Start(Reader reader)
    {
        if (reader.Phase == ReaderPhase.Waiting)
        {
            catchUp.Advance(reader);
        }
    }

    /// <summary>An observer is told a partition's beginning, and has a reader there that is yet to begin.</summary>
    public Reader Open(Membership membership, Position after, Position at, GapReason reason)
    {
        PartitionFeed feed = feeds.For(membership.Room, at);
        var reader = new Reader(membership, feed);
        FeedTable.Attach(reader, feed);
        membership.Add(reader);
        counters.Gaps++;
        effects.Send(membership.Session, ServerFrames.Gap(membership.Room.Name, after, at, reason));
        reader.StandAt(at, isProven: true);
        return reader;
    }

    // Where it stands is told as the one place that it has from now on.
    private void Stay(Reader reader)
    {
        bool isLive = reader.Phase == ReaderPhase.Live;
        Position at = isLive ? reader.Feed.Cursor : reader.Position;
        counters.Gaps++;
        effects.Send(reader.Session, ServerFrames.Gap(reader.Membership.Room.Name, at, at, GapReason.Moved));
        if (isLive)
        {
            effects.RemoveMember(reader.Feed, reader.Session);
            effects.AddMember(reader.Feed, reader.Session, isFurther: false);
        }
    }

    private void Stop(Reader reader)
    {
        if (reader.Phase == ReaderPhase.Live)
        {
            effects.RemoveMember(reader.Feed, reader.Session);
        }

        bool reads = reader.Phase != ReaderPhase.Ended;
        reader.Phase = ReaderPhase.Left;
        if (reads)
        {
            feeds.Detach(reader);
        }
    }

    // All that read a feed with everybody else, and those that wait to, read something else from here on.
    private void Leave(PartitionFeed feed, Action<Reader> goOn)
    {
        EdgeRoom room = feed.Room;
        foreach (Membership membership in room.Memberships)
        {
            Reader? next;
            for (Reader? reader = membership.Reader; reader is not null; reader = next)
            {
                next = reader.Next;
                if (reader.Feed == feed && reader.Phase == ReaderPhase.Live)
                {
                    effects.RemoveMember(feed, reader.Session);
                    reader.Phase = ReaderPhase.Reading;
                    reader.StandAt(feed.Cursor, isProven: true);
                    goOn(reader);
                }
            }
        }

        catchUp.CursorMoved(feed);
        feeds.DropUnneeded(room);
    }

    // Partitions that an observer does not read yet: they came to the generation later.
    private void BeginLater(Membership membership, int count)
    {
        Reader head = membership.Reader!;
        uint known = 0;
        for (Reader? reader = head; reader is not null; reader = reader.Next)
        {
            known = Math.Max(known, reader.Feed.Log.Partition + 1);
        }

        BeginEach(membership, head.Position, BeginningsOf(head.Feed.Log.Generation, known, count, 0), GapReason.Moved);
    }

    // An observer goes on when it has everything of all partitions: then a position in the new generation says so, too.
    private void Observed(Reader reader, Onward onward)
    {
        Membership membership = reader.Membership;
        reader.Phase = ReaderPhase.Ended;
        feeds.Detach(reader);
        BeginLater(membership, onward.Partitions);
        for (Reader? other = membership.Reader; other is not null; other = other.Next)
        {
            if (other.Phase != ReaderPhase.Ended)
            {
                return;
            }
        }

        Partitioning next = membership.Room.PartitioningOf(onward.Next!.Generation) ?? onward.Next;
        BeginAll(membership, next, onward.Then.Epoch, GapReason.Moved);
    }

    private void BeginAll(Membership membership, Partitioning next, ulong epoch, GapReason reason)
    {
        Reader before = membership.Reader!;
        membership.Reader = null;
        BeginEach(membership, before.Position, BeginningsOf(next.Generation, 0, next.Count, epoch), reason);
    }

    private static IEnumerable<Position> BeginningsOf(ulong generation, uint first, int count, ulong epoch) =>
        Enumerable.Range((int)first, Math.Max(0, count - (int)first)).Select(partition => new Position(generation, (uint)partition, epoch, 0));

    private void Skip(Reader reader, Partitioning next, GapReason reason)
    {
        Membership membership = reader.Membership;
        if (membership.IsObserver)
        {
            Stop(membership);
            BeginAll(membership, next, 0, reason);
        }
        else
        {
            Move(reader, next, reason);
        }
    }

    // A partition that an edge was given later lacks what all were told before that. Who comes from the generation before
    // begins in one that was there from the beginning, and goes over to its own as from another edge.
    private void Enter(Reader reader, Partitioning founding, ulong epoch, IReadOnlyList<Position>? tops)
    {
        EdgeRoom room = reader.Membership.Room;
        ReadOnlySpan<byte> user = reader.Session.UserId;
        uint first = founding.PartitionOf(user, room.Edge);
        var to = new Position(founding.Generation, first, epoch, 0);
        bool isPresent = founding.Generation == room.Current.Generation;
        if (!isPresent || founding.Mode != SplitMode.Edges || founding.Count == Partitioning.PartitionsMax || founding.PartitionOfEdge(room.Edge) is not null)
        {
            Move(reader, to, GapReason.Moved);
        }
        else if (room.PartitionOf(room.Current, user) is { } own && FeedOrder.Top(tops, first) is { } end && FeedOrder.Top(tops, own) is { } then)
        {
            // After a store has lost the split, the one that was made in its place may have given the edge just this partition.
            Move(reader, own == first ? feeds.For(room, to) : FeedTable.Foreign(room, end, then), to, GapReason.Moved);
        }
        else
        {
            Wait(reader);
        }
    }

    private void Wait(Reader reader)
    {
        EdgeRoom room = reader.Membership.Room;
        reader.Phase = ReaderPhase.Waiting;
        room.Wait(reader.Membership);
        interests.Ask(room);
    }

    private void Move(Reader reader, Partitioning next, GapReason reason)
    {
        if (reader.Membership.Room.PartitionOf(next, reader.Session.UserId) is { } partition)
        {
            Move(reader, new Position(next.Generation, partition, 0, 0), reason);
        }
        else
        {
            Wait(reader);
        }
    }

    private void Move(Reader reader, Position to, GapReason reason) => Move(reader, feeds.For(reader.Membership.Room, to), to, reason);

    private void Move(Reader reader, PartitionFeed next, Position to, GapReason reason)
    {
        next.ReaderCount++;
        feeds.Detach(reader);
        reader.Feed = next;
        catchUp.GoOn(reader, to, reason);
    }
}
