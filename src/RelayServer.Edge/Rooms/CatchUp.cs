using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// Brings a reader from where it stands to the present: sends what it lacks at the pace its connection takes it, and
/// makes it live at the moment it has everything.
/// </summary>
internal sealed class CatchUp(IEdgeEffects effects, EdgeCounters counters, LogReads reads)
{
    /// <summary>How much is sent before waiting for the connection to take it.</summary>
    public const int StepBytes = 96 * 1024;

    /// <summary>How much history by count is read at a time, in bytes; more is read on from there.</summary>
    public const int TailBytesMax = 4 * 1024 * 1024;

    /// <summary>Called when a reader has everything of a log that has ended.</summary>
    public required Action<Reader> EndReached { get; init; }

    /// <summary>Called when a log that should have an end has none.</summary>
    public required Action<Reader> EndMissing { get; init; }

    /// <summary>Called when a reader has found the end of a log: before the feed's members in a live one, else before anybody.</summary>
    public required Action<PartitionFeed, Position, SplitNotice> EndFound { get; init; }

    /// <summary>Goes on after the connection took what was sent.</summary>
    public void Drained(Reader reader)
    {
        if (reader.Phase == ReaderPhase.Draining)
        {
            Advance(reader);
        }
    }

    /// <summary>The feed's cursor has moved: maybe to where readers wait for it.</summary>
    public void CursorMoved(PartitionFeed feed)
    {
        if (feed.Ahead is { } ahead)
        {
            feed.Ahead = null;
            foreach (Reader reader in ahead)
            {
                Advance(reader);
            }
        }
    }

    /// <summary>Sends what a page has for a reader.</summary>
    public void PageRead(Reader reader, LogReadKind kind, SharedPage page)
    {
        (ulong Epoch, ulong LastSeq)? first = page.Entries.Count > 0 ? (page.Entries[0].Epoch, page.Entries[0].LastSeq) : null;
        bool isHere = first?.Epoch == reader.Position.Epoch;
        if (isHere && kind == LogReadKind.Verify && page.Entries.Count == 1 && reader.Candidate is not null)
        {
            // The page had no room for what follows; when that is still the same, it is known to follow.
            ReadFrom(reader, LogReadKind.Advance, reader.Position.Seq + 1);
            return;
        }

        if (isHere || (first is not null && first == reader.Candidate && kind == LogReadKind.Advance))
        {
            reader.StandAt(reader.Position, isProven: true);
        }
        else if (kind == LogReadKind.Verify && page.Entries.Count == 0 && !reader.Feed.IsPast && reader.Position != reader.Feed.Cursor)
        {
            // Nothing at or after the position: the log has lost it.
            Gap(reader, reader.Feed.Cursor, GapReason.HistoryDiverged);
        }
        else if (kind == LogReadKind.Advance && first is not null && reader.Position.Seq > 0)
        {
            // Another epoch than the member's comes next: only the entry that it stands at can tell whether it follows.
            reader.StandAt(reader.Position, isProven: false);
            reader.Candidate = first;
            Verify(reader);
            return;
        }
        else
        {
            reader.StandAt(reader.Position, isProven: false);
        }

        SendPage(reader, page);
    }

    /// <summary>From a verified position: live when nothing is missing, else the next step from memory or from the log.</summary>
    public void Advance(Reader reader)
    {
        PartitionFeed feed = reader.Feed;
        if (!IsBehind(reader))
        {
            CaughtUp(reader);
            return;
        }

        RecentBatch? next = FirstAfter(feed, reader.Position.Seq);
        if (next is null || next.FirstSeq > reader.Position.Seq + 1 || !LeadsFrom(feed, reader.Position, next))
        {
            ReadFrom(reader, LogReadKind.Advance, reader.Position.Seq + 1);
            return;
        }

        SendRecent(reader);
        if (IsBehind(reader))
        {
            WaitForConnection(reader);
        }
        else
        {
            Advance(reader);
        }
    }

    /// <summary>Asks for the page that begins where a reader stands, to see whether it has ever been there.</summary>
    public void Verify(Reader reader) => ReadFrom(reader, LogReadKind.Verify, reader.Position.Seq);

    /// <summary>Asks for the last messages.</summary>
    public void ReadTail(Reader reader, int messages)
    {
        reader.WantedMessages = messages;
        Read(reader, LogReadKind.Tail, 0, (ulong)messages);
    }

    /// <summary>Tells that messages will not come, and goes on behind them.</summary>
    public void Gap(Reader reader, Position until, GapReason reason)
    {
        counters.Gaps++;
        effects.Send(reader.Session, ServerFrames.Gap(reader.Feed.Room.Name, reader.Position, until, reason));
        reader.StandAt(until, isProven: false);
    }

    /// <summary>The reader begins to read another log, where it now stands.</summary>
    public void GoOn(Reader reader, Position at, GapReason reason)
    {
        Gap(reader, at, reason);
        reader.StandAt(at, isProven: true);
        Advance(reader);
    }

    /// <summary>The first recent batch with anything after this place.</summary>
    public static RecentBatch? FirstAfter(PartitionFeed feed, ulong seq)
    {
        foreach (LinkedListNode<RecentBatch> node in feed.Recent)
        {
            if (node.Value.LastSeq > seq)
            {
                return node.Value;
            }
        }

        return null;
    }

    /// <summary>A place inside or right before a batch of the same epoch that is still in memory.</summary>
    public static bool IsRecent(PartitionFeed feed, Position position)
    {
        foreach (LinkedListNode<RecentBatch> node in feed.Recent)
        {
            RecentBatch batch = node.Value;
            if (batch.Epoch == position.Epoch && batch.FirstSeq <= position.Seq + 1 && position.Seq <= batch.LastSeq)
            {
                return position.Seq > 0;
            }
        }

        return false;
    }

    private void CaughtUp(Reader reader)
    {
        PartitionFeed feed = reader.Feed;
        if (feed.Onward is not null)
        {
            EndReached(reader);
            return;
        }

        Position cursor = feed.Cursor;
        if (!FeedOrder.IsSame(reader.Position, cursor) && (reader.Position.Epoch > cursor.Epoch || reader.Position.Seq > cursor.Seq))
        {
            // Whatever the members are told next begins at the cursor; a gap there would be none for this one.
            reader.Phase = ReaderPhase.Ahead;
            (feed.Ahead ??= []).Add(reader);
            return;
        }

        reader.Phase = ReaderPhase.Live;
        effects.AddMember(feed, reader.Session, isFurther: reader.Membership.Reader != reader);
    }

    private void SendPage(Reader reader, SharedPage page)
    {
        PartitionFeed feed = reader.Feed;
        bool isBehind = IsBehind(reader);
        bool isOver = page.Entries.Count == 0;
        int sentBytes = 0;
        for (int i = 0; i < page.Entries.Count; i++)
        {
            LogEntry entry = page.Entries[i];
            if (sentBytes > StepBytes)
            {
                // The rest is read on from here, once the connection has taken this.
                break;
            }

            if (feed.Onward is not null && (!IsBehind(reader) || IsBeyond(feed, entry)))
            {
                // What else there may be in this log is not for this reader.
                isOver = true;
                break;
            }

            bool isNews = entry.Epoch > reader.Position.Epoch || entry.LastSeq > reader.Position.Seq;
            if (!isNews)
            {
                NoteEnd(reader, entry);
                continue;
            }

            if (DeliverBody.TryDecodeEnvelope(entry.Body.Span, out DeliverBody body) != DecodeStatus.Ok)
            {
                counters.UnreadableEntries++;
                Gap(reader, reader.Position with { Epoch = entry.Epoch, Seq = entry.LastSeq }, GapReason.Skipped);
                isBehind = false;
                continue;
            }

            NoteGapBefore(reader, body.First);
            effects.Send(reader.Session, page.FrameOf(i));
            reader.StandAt(reader.Position with { Epoch = entry.Epoch, Seq = entry.LastSeq }, isProven: true);
            sentBytes += entry.Body.Length;
            isBehind = false;
            NoteEnd(reader, entry);
        }

        if (isOver && feed.Onward is not null && IsBehind(reader))
        {
            // Nothing is left of what this log had for the reader.
            Gap(reader, feed.Cursor, GapReason.Trimmed);
        }
        else if (isBehind && isOver && feed.Onward is null)
        {
            if (feed.IsPast)
            {
                EndMissing(reader);
                return;
            }

            // The log ends before what the members have had: it lost them, and nothing is left to wait for.
            Gap(reader, feed.Cursor, GapReason.HistoryDiverged);
        }

        WaitForConnection(reader);
    }

    // The reader stands at the end of this entry: maybe at the end of its log.
    private void NoteEnd(Reader reader, in LogEntry entry)
    {
        Position at = reader.Position;
        if (FeedOrder.EndsAt(entry, at)
            && reader.Feed.Onward is null
            && DeliverBody.TryDecodeEnvelope(entry.Body.Span, out DeliverBody body) == DecodeStatus.Ok
            && SplitEnd.MayBe(body)
            && SplitEnd.Find(body) is { } end)
        {
            EndFound(reader.Feed, at, end);
        }
    }

    private void NoteGapBefore(Reader reader, Position first)
    {
        Position before = first with { Seq = first.Seq - 1 };
        bool isOtherEpoch = first.Epoch != reader.Position.Epoch;
        if (first.Seq > reader.Position.Seq + 1 || (first.Seq == reader.Position.Seq + 1 && isOtherEpoch && !reader.IsProven))
        {
            Gap(reader, before, GapReason.Trimmed);
        }
        else if (isOtherEpoch && first.Seq <= reader.Position.Seq)
        {
            // A new owner began below what this member has: the store has lost a tail that it had seen.
            Gap(reader, before, GapReason.HistoryDiverged);
        }
    }

    private void SendRecent(Reader reader)
    {
        int sentBytes = 0;
        foreach (LinkedListNode<RecentBatch> node in reader.Feed.Recent)
        {
            RecentBatch batch = node.Value;
            if (batch.LastSeq <= reader.Position.Seq)
            {
                continue;
            }

            if (sentBytes > 0 && sentBytes + batch.Frame.Length > StepBytes)
            {
                break;
            }

            sentBytes += batch.Frame.Length;
            effects.Send(reader.Session, batch.Frame.AddReference());
            reader.StandAt(reader.Position with { Epoch = batch.Epoch, Seq = batch.LastSeq }, isProven: false);
        }
    }

    private static bool IsBehind(Reader reader) =>
        reader.Feed.IsPast || FeedOrder.IsBefore(reader.Position, reader.Feed.Cursor);

    private static bool IsBeyond(PartitionFeed feed, in LogEntry entry) =>
        (entry.Epoch, entry.LastSeq).CompareTo((feed.Cursor.Epoch, feed.Cursor.Seq)) > 0;

    // The beginning is that of the first epoch there is, whatever epoch the member was told.
    private void ReadFrom(Reader reader, LogReadKind kind, ulong seq) =>
        Read(reader, kind, reader.Position.Seq == 0 ? 0 : reader.Position.Epoch, seq);

    private void Read(Reader reader, LogReadKind kind, ulong epoch, ulong seq)
    {
        reader.Phase = ReaderPhase.Reading;
        reads.CatchUp(reader, kind, epoch, seq);
    }

    // Across epochs only the batch before tells whether both are of one history; without it the log has to.
    private static bool LeadsFrom(PartitionFeed feed, Position position, RecentBatch next) =>
        next.Epoch == position.Epoch
        || feed.Recent.Any(node => node.Value.Epoch == position.Epoch && node.Value.LastSeq == position.Seq);

    private void WaitForConnection(Reader reader)
    {
        reader.Phase = ReaderPhase.Draining;
        effects.NotifyWhenDrained(reader);
    }
}
