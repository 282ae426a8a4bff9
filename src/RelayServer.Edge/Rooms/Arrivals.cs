using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>How a JOIN begins: finds the place that it asked for, answers with JOINED, and lets the reader go on from there.</summary>
internal sealed class Arrivals(IEdgeEffects effects, EdgeCounters counters, CatchUp catchUp, FeedTable feeds, Interests interests)
{
    /// <summary>Called when a JOIN was answered with JOINED.</summary>
    public required Action<Membership> HasJoined { get; init; }

    public static readonly ControlRefusal BadPosition = new(ErrorCode.BadPosition, "this room never had such a position for this user");

    /// <summary>
    /// Starts, once the room is open; or has the member wait until the owner tells more.
    /// </summary>
    /// <param name="membership">A member whose JOIN is not answered yet.</param>
    /// <param name="tops">The tops of all partitions as of one moment, if the owner has just told them.</param>
    /// <returns>Why the member is refused; null when it is not.</returns>
    public ControlRefusal? Begin(Membership membership, IReadOnlyList<Position>? tops)
    {
        EdgeRoom room = membership.Room;
        JoinRequest request = membership.Request!;
        if (room.PartitionOf(room.Current, membership.Session.UserId) is not { } own || room.Find(room.Current.Generation, own) is not { } feed)
        {
            Ask(membership);
            return null;
        }

        Position from = request.Position;
        switch (request.Start)
        {
            case JoinStart.Resume when from == Position.Start:
                BeginAtTheOldest(membership, feed);
                return null;
            case JoinStart.Resume when from.Generation == feed.Log.Generation && from.Partition == feed.Log.Partition:
                Resume(membership, feed, from);
                return null;
            case JoinStart.Resume:
                return ResumeElsewhere(membership, feed, tops);
            case JoinStart.LastMessages when request.LastMessages > 0 && (feed.Cursor.Seq > 0 || room.Current.Generation > 0):
                BeginWithLast(membership, feed);
                return null;
            default:
                StartLive(Open(membership, feed));
                return null;
        }
    }

    /// <summary>Takes a page to all readers that wait for it.</summary>
    public void PageRead(LogRead read, LogPage page)
    {
        using var shared = new SharedPage(read.Feed.Room, page);
        foreach (Reader reader in read.Readers)
        {
            if (read.IsAwaitedBy(reader) && (!reader.IsArriving || Arrive(reader, read.Kind, shared)))
            {
                catchUp.PageRead(reader, read.Kind, shared);
            }
        }
    }

    /// <summary>Goes on with what happens now.</summary>
    public void StartLive(Reader reader)
    {
        Arrived(reader, reader.Feed.Cursor, reader.Feed.Cursor);
        catchUp.Advance(reader);
    }

    /// <summary>Goes on with the last messages of a live feed.</summary>
    public void StartWithLast(Reader reader, int messages)
    {
        ulong wanted = (ulong)messages;
        Position cursor = reader.Feed.Cursor;
        ulong after = cursor.Seq > wanted ? cursor.Seq - wanted : 0;
        RecentBatch? first = CatchUp.FirstAfter(reader.Feed, after);
        if (first is not null && first.FirstSeq <= after + 1)
        {
            Arrived(reader, cursor with { Epoch = first.Epoch, Seq = after }, cursor);
            catchUp.Advance(reader);
        }
        else
        {
            catchUp.ReadTail(reader, messages);
        }
    }

    /// <summary>Goes on after a position, once it is found to have been in the log.</summary>
    public void StartAfter(Reader reader, Position from)
    {
        PartitionFeed feed = reader.Feed;
        if (!feed.IsPast && (FeedOrder.IsSame(from, feed.Cursor) || CatchUp.IsRecent(feed, from)))
        {
            Arrived(reader, from, TopOf(reader, from));
            catchUp.Advance(reader);
        }
        else
        {
            reader.StandAt(from, isProven: false);
            catchUp.Verify(reader);
        }
    }

    /// <summary>Waits for the owner to tell the tops.</summary>
    public void Ask(Membership membership)
    {
        membership.Room.Wait(membership);
        interests.Ask(membership.Room);
    }

    /// <summary>A new reader, whose start is yet to be found.</summary>
    public static Reader Open(Membership membership, PartitionFeed feed)
    {
        var reader = new Reader(membership, feed) { IsArriving = true };
        feed.ReaderCount++;
        membership.Add(reader);
        return reader;
    }

    /// <summary>Answers the JOIN.</summary>
    public void Joined(Membership membership, Position from, Position top)
    {
        uint correlation = membership.Request!.Correlation;
        membership.Joined();
        counters.Joins++;
        effects.Send(membership.Session, ServerFrames.Joined(correlation, membership.Room.Name, from, top));
        HasJoined(membership);
    }

    /// <summary>A position is nothing that is known here, but an owner may know more.</summary>
    public ControlRefusal? Unknown(Membership membership, PartitionFeed own)
    {
        if (membership.Request!.Answers < JoinRequest.AnswersMax)
        {
            Ask(membership);
            return null;
        }

        // Told by an owner before the present one, and after what is in the log, it may be of a history that the store has lost.
        ulong epoch = membership.Request.Position.Epoch;
        return own.Cursor.Seq > 0 && epoch >= own.Cursor.Epoch && epoch < interests.EpochOf(membership.Room) ? Lost(membership, own) : BadPosition;
    }

    private void Resume(Membership membership, PartitionFeed feed, Position from) => StartAfter(Open(membership, feed), from);

    private void BeginAtTheOldest(Membership membership, PartitionFeed own)
    {
        EdgeRoom room = membership.Room;
        Partitioning oldest = room.Oldest;
        PartitionFeed feed = oldest.Generation < room.Current.Generation
            ? feeds.For(room, BeginningFor(membership, oldest))
            : own;
        Reader reader = Open(membership, feed);
        if (feed.IsLive && feed.Cursor.Seq == 0)
        {
            StartLive(reader);
            return;
        }

        reader.StandAt(feed.Cursor with { Epoch = 0, Seq = 0 }, isProven: true);
        catchUp.Verify(reader);
    }

    // Not in the log that the member reads now: in that of an older generation, or of another edge.
    private ControlRefusal? ResumeElsewhere(Membership membership, PartitionFeed own, IReadOnlyList<Position>? tops)
    {
        EdgeRoom room = membership.Room;
        Position from = membership.Request!.Position;
        ReadOnlySpan<byte> user = membership.Session.UserId;
        Partitioning? partitioning = room.PartitioningOf(from.Generation);
        if (partitioning is null && from.Generation < room.Oldest.Generation)
        {
            ResumeTooOld(membership);
            return null;
        }

        if (partitioning is null || (from.Partition >= partitioning.Count && room.MayGrow(partitioning)))
        {
            return Unknown(membership, own);
        }

        if (from.Partition >= partitioning.Count || (partitioning.Mode != SplitMode.Edges && from.Partition != partitioning.PartitionOf(user, string.Empty)))
        {
            return BadPosition;
        }

        if (from.Generation < room.Current.Generation)
        {
            Resume(membership, feeds.For(room, new Position(from.Generation, from.Partition, 0, 0)), from);
            return null;
        }

        return ResumeFromAnotherEdge(membership, own, tops);
    }

    // The generation is gone: on from the oldest that is not.
    private void ResumeTooOld(Membership membership)
    {
        Position from = membership.Request!.Position;
        Position beginning = BeginningFor(membership, membership.Room.Oldest);
        Reader reader = Open(membership, feeds.For(membership.Room, beginning));
        Arrived(reader, from, TopOf(reader, beginning));
        catchUp.GoOn(reader, beginning, GapReason.Trimmed);
    }

    // Up to one moment in the other edge's partition, then from the same moment on in this one's: what was said to all
    // partitions is in both, before it or after it.
    private ControlRefusal? ResumeFromAnotherEdge(Membership membership, PartitionFeed own, IReadOnlyList<Position>? tops)
    {
        Position from = membership.Request!.Position;
        if (FeedOrder.Top(tops, from.Partition) is not { } end || FeedOrder.Top(tops, own.Log.Partition) is not { } then || FeedOrder.IsBefore(end, from))
        {
            if (membership.Request.Answers < JoinRequest.AnswersMax)
            {
                Ask(membership);
                return null;
            }

            return Lost(membership, own);
        }

        Resume(membership, FeedTable.Foreign(membership.Room, end, then), from);
        return null;
    }

    private ControlRefusal? Lost(Membership membership, PartitionFeed own)
    {
        Reader reader = Open(membership, own);
        Arrived(reader, membership.Request!.Position, own.Cursor);
        catchUp.GoOn(reader, own.Cursor, GapReason.HistoryDiverged);
        return null;
    }

    // A room that was split or merged a moment ago has its last messages in the generation before.
    private void BeginWithLast(Membership membership, PartitionFeed own)
    {
        int wanted = membership.Request!.LastMessages;
        Reader reader = Open(membership, own);
        if (own.Cursor.Seq < (ulong)wanted && membership.Room.PartitioningOf(own.Log.Generation - 1) is { } older)
        {
            StepBack(reader, older, wanted - (int)own.Cursor.Seq);
        }
        else
        {
            StartWithLast(reader, wanted);
        }
    }

    private void StepBack(Reader reader, Partitioning older, int wanted)
    {
        PartitionFeed feed = feeds.For(reader.Membership.Room, BeginningFor(reader.Membership, older));
        feed.ReaderCount++;
        feeds.Detach(reader);
        reader.Feed = feed;
        catchUp.ReadTail(reader, wanted);
    }

    // False when the reader turned to another log.
    private bool Arrive(Reader reader, LogReadKind kind, SharedPage page)
    {
        if (kind != LogReadKind.Tail)
        {
            ArriveVerified(reader, page);
            return true;
        }

        ulong generation = reader.Feed.Log.Generation;
        ulong last = page.Entries.Count == 0 ? 0 : page.Entries[^1].LastSeq;
        if (!reader.Membership.IsObserver
            && last > 0
            && last < (ulong)reader.WantedMessages
            && generation < reader.Membership.Room.Current.Generation
            && reader.Membership.Room.PartitioningOf(generation - 1) is { } older)
        {
            StepBack(reader, older, reader.WantedMessages - (int)last);
            return false;
        }

        ArriveAtTail(reader, page);
        return true;
    }

    private void ArriveAtTail(Reader reader, SharedPage page)
    {
        PartitionFeed feed = reader.Feed;
        ulong wanted = (ulong)reader.WantedMessages;
        if (!page.TryFirst(out DeliverBody first))
        {
            Position from = feed.IsPast ? feed.Cursor with { Epoch = 0, Seq = 0 } : feed.Cursor;
            Arrived(reader, from, TopOf(reader, from));
            return;
        }

        // The log is what counts: it is ahead of the relays, or behind them when the store has lost its end. What comes
        // twice from here counts once at the client.
        LogEntry last = page.Entries[^1];
        Position end = feed.Cursor with { Epoch = last.Epoch, Seq = last.LastSeq };
        ulong after = Math.Max(first.First.Seq - 1, end.Seq > wanted ? end.Seq - wanted : 0);
        ulong epoch = page.Entries.First(entry => entry.LastSeq >= after).Epoch;
        Arrived(reader, end with { Epoch = epoch, Seq = after }, feed.IsLive ? end : TopOf(reader, end));
    }

    private void ArriveVerified(Reader reader, SharedPage page)
    {
        Position from = reader.Position;
        Position top = TopOf(reader, from);
        if (reader.Membership.Request?.Position != Position.Start)
        {
            Arrived(reader, from, top);
        }
        else if (!page.TryFirst(out DeliverBody first))
        {
            // Of an empty log the start is right.
            Arrived(reader, reader.Feed.IsPast ? from : reader.Feed.Cursor, top);
        }
        else
        {
            // The log may have gone on, or begun anew, since the room was last told.
            LogEntry last = page.Entries[^1];
            Position end = reader.Feed.Cursor with { Epoch = last.Epoch, Seq = last.LastSeq };
            top = reader.Feed.IsLive && FeedOrder.IsBefore(top, end) ? end : TopOf(reader, end);
            Arrived(reader, first.First with { Seq = first.First.Seq - 1 }, top);
        }
    }

    // The start of a reader is found: the member is told.
    private void Arrived(Reader reader, Position from, Position top)
    {
        Membership membership = reader.Membership;
        if (!membership.IsJoined)
        {
            Joined(membership, from, top);
        }
        else if (reader.WantedMessages > 0)
        {
            // An observer learns where each partition begins for it.
            effects.Send(membership.Session, ServerFrames.Gap(membership.Room.Name, top, from, GapReason.Moved));
        }

        reader.IsArriving = false;
        reader.WantedMessages = 0;
        reader.StandAt(from, isProven: false);
    }

    // Where what is live now is, for this member; the furthest that is known, while the owner has yet to tell that.
    private static Position TopOf(Reader reader, Position known)
    {
        EdgeRoom room = reader.Membership.Room;
        PartitionFeed feed = reader.Feed;
        return !feed.IsLive && room.PartitionOf(room.Current, reader.Session.UserId) is { } own && room.Find(room.Current.Generation, own) is { } live
            ? live.Cursor
            : feed.IsPast ? known : feed.Cursor;
    }

    private static Position BeginningFor(Membership membership, Partitioning partitioning) =>
        new(partitioning.Generation, membership.Room.PartitionOf(partitioning, membership.Session.UserId) ?? 0, 0, 0);
}
