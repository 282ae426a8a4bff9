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
        feed.Onward = Onward.To(end.To, feed.Cursor.Epoch);
        room.Learn(end.To, interests.OwnerOf(room));
        foreach (Membership membership in room.Memberships)
        {
            Reader? next;
            for (Reader? reader = membership.Reader; reader is not null; reader = next)
            {
                next = reader.Next;
                if (reader.Feed == feed && reader.Phase == ReaderPhase.Live)
                {
                    effects.RemoveMember(feed, reader.Session);
                    GoOn(reader);
                }
            }
        }

        catchUp.CursorMoved(feed);
        feeds.DropUnneeded(room);
    }

    /// <summary>A reader has found the end of a log that nobody follows.</summary>
    public void Found(PartitionFeed feed, Position at, SplitNotice end)
    {
        feed.Cursor = at;
        feed.IsPast = false;
        feed.Onward = Onward.To(end.To, at.Epoch);
        feed.Room.Learn(end.To, interests.OwnerOf(feed.Room));
    }

    /// <summary>A reader has everything of a log that has ended.</summary>
    public void GoOn(Reader reader)
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
            Partitioning partitioning = membership.Room.PartitioningOf(next.Generation) ?? next;
            Move(reader, partitioning, onward.Then.Epoch, GapReason.Moved);
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
        else if (room.PartitioningOf(generation + 1) is { } next)
        {
            Skip(reader, next, GapReason.HistoryDiverged);
        }
        else
        {
            Skip(reader, room.Oldest.Generation > generation ? room.Oldest : room.Current, GapReason.Trimmed);
        }
    }

    /// <summary>A member waited for a partition of its edge's own.</summary>
    public void Answered(Membership membership)
    {
        for (Reader? reader = membership.Reader; reader is not null; reader = reader.Next)
        {
            if (reader.Phase == ReaderPhase.Waiting)
            {
                (reader.Feed.Onward is null ? (Action<Reader>)EndMissing : GoOn)(reader);
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
        Position after = membership.Reader!.Position;
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

            uint known = 0;
            for (Reader? reader = head; reader is not null; reader = reader.Next)
            {
                known = Math.Max(known, reader.Feed.Log.Partition + 1);
            }

            for (uint partition = known; partition < room.Current.Count; partition++)
            {
                Begin(membership, head.Position, new Position(room.Current.Generation, partition, 0, 0), GapReason.Moved);
            }
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
    public void Begin(Membership membership, Position after, Position at, GapReason reason)
    {
        PartitionFeed feed = feeds.For(membership.Room, at);
        var reader = new Reader(membership, feed);
        FeedTable.Attach(reader, feed);
        membership.Add(reader);
        counters.Gaps++;
        effects.Send(membership.Session, ServerFrames.Gap(membership.Room.Name, after, at, reason));
        reader.StandAt(at, isProven: true);
        catchUp.Advance(reader);
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

    // An observer goes on when it has everything of all partitions: then a position in the new generation says so, too.
    private void Observed(Reader reader, Onward onward)
    {
        Membership membership = reader.Membership;
        reader.Phase = ReaderPhase.Ended;
        feeds.Detach(reader);
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
        for (uint partition = 0; partition < next.Count; partition++)
        {
            Begin(membership, before.Position, new Position(next.Generation, partition, epoch, 0), reason);
        }
    }

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
            Move(reader, next, 0, reason);
        }
    }

    private void Move(Reader reader, Partitioning next, ulong epoch, GapReason reason)
    {
        Membership membership = reader.Membership;
        EdgeRoom room = membership.Room;
        if (room.PartitionOf(next, membership.Session.UserId) is { } partition)
        {
            Move(reader, new Position(next.Generation, partition, epoch, 0), reason);
            return;
        }

        reader.Phase = ReaderPhase.Waiting;
        room.Wait(membership);
        interests.Ask(room);
    }

    private void Move(Reader reader, Position to, GapReason reason)
    {
        PartitionFeed next = feeds.For(reader.Membership.Room, to);
        next.ReaderCount++;
        feeds.Detach(reader);
        reader.Feed = next;
        catchUp.GoOn(reader, to, reason);
    }
}
