using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// Keeps each feed's members in step with its log: batches in order once, holes repaired by one read, and a
/// history that parted from the members' own told to them.
/// </summary>
internal sealed class LiveFeeds(EdgeOptions options, IEdgeEffects effects, EdgeCounters counters, LogReads reads)
{
    private const int ParkedBytesMax = 4 * 1024 * 1024;

    public RecentBatches Recent { get; } = new(options.RecentChannelBytesMax, options.RecentBytesMax);

    /// <summary>Called after the members of a feed were given a batch.</summary>
    public required Action<PartitionFeed> CursorMoved { get; init; }

    /// <summary>Takes a relayed batch.</summary>
    public void Take(PartitionFeed feed, in DeliverBody body, ReadOnlySpan<byte> encoded)
    {
        if (body.Count == 0)
        {
            return;
        }

        SharedFrame frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, encoded);
        var batch = new ParkedBatch(frame, body.First.Epoch, body.First.Seq, body.Last.Seq);
        if (feed.IsRepairing)
        {
            Park(feed, batch);
        }
        else if (IsNewer(feed, batch) && IsHole(feed, batch))
        {
            Park(feed, batch);
            Repair(feed);
        }
        else
        {
            Apply(feed, batch, body.Count, isProven: true);
        }
    }

    /// <summary>The owner says where the log ends: when that is not where the members are, something was lost.</summary>
    public void CheckTop(PartitionFeed feed, Position top)
    {
        if (!feed.IsRepairing && IsBefore(feed.Cursor, top))
        {
            Repair(feed);
        }
    }

    /// <summary>Takes a page read to repair the feed.</summary>
    public void Repaired(LogRead read, LogPage page)
    {
        PartitionFeed feed = read.Feed;

        // Whatever follows the cursor's own entry in the log follows the cursor.
        bool isProven = read.Seq > feed.Cursor.Seq || StartsAtCursor(feed, page);
        foreach (LogEntry entry in page.Entries)
        {
            if (DeliverBody.TryDecodeEnvelope(entry.Body.Span, out DeliverBody body) != DecodeStatus.Ok)
            {
                isProven |= PassOver(feed, entry);
                continue;
            }

            SharedFrame frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, entry.Body.Span);
            if (Apply(feed, new ParkedBatch(frame, entry.Epoch, body.First.Seq, entry.LastSeq), body.Count, isProven))
            {
                isProven = true;
                feed.HasRepairProgress = true;
            }
        }

        if (page.HasMore)
        {
            // At the pace of the members, who may have this hole because they were behind.
            effects.NotifyWhenHandedOut(feed);
            return;
        }

        feed.IsRepairing = false;
        Unpark(feed);
    }

    /// <summary>
    /// A page of a repair, or some of what came meanwhile, was handed out: goes on with the next. Not from the cursor's
    /// entry again: a page that it fills alone would be read for ever.
    /// </summary>
    public void RepairOn(PartitionFeed feed)
    {
        if (feed.IsUnparking)
        {
            feed.IsUnparking = false;
            feed.IsRepairing = false;
            Unpark(feed);
        }
        else
        {
            reads.Repair(feed, feed.Cursor.Seq + 1);
        }
    }

    /// <summary>The last reader has left.</summary>
    public void Forget(PartitionFeed feed)
    {
        feed.IsGone = true;
        Recent.Clear(feed);
        ForgetParked(feed);
    }

    private static void ForgetParked(PartitionFeed feed)
    {
        while (feed.Parked is not null && feed.Parked.TryDequeue(out ParkedBatch parked))
        {
            parked.Frame.Release();
        }

        feed.Parked = null;
        feed.ParkedBytes = 0;
    }

    // An entry that cannot be read: members are told, and go on behind it. False when it is behind them already.
    private bool PassOver(PartitionFeed feed, in LogEntry entry)
    {
        Position until = feed.Cursor with { Epoch = entry.Epoch, Seq = entry.LastSeq };
        if (!IsBefore(feed.Cursor, until))
        {
            return false;
        }

        counters.UnreadableEntries++;
        effects.EntryUnreadable(feed, until);
        Gap(feed, until, GapReason.Skipped);
        feed.Cursor = until;
        feed.HasRepairProgress = true;
        CursorMoved(feed);
        return true;
    }

    private static bool StartsAtCursor(PartitionFeed feed, LogPage page) =>
        feed.Cursor.Seq == 0
        || (page.Entries.Count > 0
            && page.Entries[0].Epoch == feed.Cursor.Epoch
            && page.Entries[0].LastSeq >= feed.Cursor.Seq);

    private static bool IsBefore(Position cursor, Position top) =>
        cursor.Epoch < top.Epoch || (cursor.Epoch == top.Epoch && cursor.Seq < top.Seq);

    private static bool IsNewer(PartitionFeed feed, ParkedBatch batch) =>
        batch.Epoch > feed.Cursor.Epoch || (batch.Epoch == feed.Cursor.Epoch && batch.LastSeq > feed.Cursor.Seq);

    // A new epoch may have replaced what the members have, also when its seq goes on from theirs: the log tells.
    private static bool IsHole(PartitionFeed feed, ParkedBatch batch) =>
        batch.FirstSeq > feed.Cursor.Seq + 1 || (batch.Epoch != feed.Cursor.Epoch && feed.Cursor.Seq > 0);

    private void Repair(PartitionFeed feed)
    {
        counters.Repairs++;
        feed.IsRepairing = true;
        feed.HasRepairProgress = false;
        reads.Repair(feed, feed.Cursor.Seq);
    }

    private static void Park(PartitionFeed feed, ParkedBatch batch)
    {
        if (feed.ParkedBytes + batch.Frame.Length > ParkedBytesMax)
        {
            // It is in the log; the next hole or top brings it back.
            batch.Frame.Release();
            return;
        }

        (feed.Parked ??= new Queue<ParkedBatch>()).Enqueue(batch);
        feed.ParkedBytes += batch.Frame.Length;
    }

    private void Unpark(PartitionFeed feed)
    {
        int handedOutBytes = 0;
        while (!feed.IsRepairing && feed.Parked is not null && feed.Parked.TryPeek(out ParkedBatch parked))
        {
            if (handedOutBytes > CatchUp.StepBytes)
            {
                // All at once would be more than a connection may have waiting, and cut every member.
                feed.IsUnparking = true;
                feed.IsRepairing = true;
                effects.NotifyWhenHandedOut(feed);
                return;
            }

            if (IsNewer(feed, parked) && IsHole(feed, parked) && feed.HasRepairProgress)
            {
                Repair(feed);
                return;
            }

            feed.Parked.Dequeue();
            feed.ParkedBytes -= parked.Frame.Length;
            if (IsHole(feed, parked))
            {
                // Of a history that is over, or the log has nothing before it: the store has lost it. Reading again
                // would not end.
                parked.Frame.Release();
                continue;
            }

            handedOutBytes += parked.Frame.Length;
            Apply(feed, parked, (int)(parked.LastSeq - parked.FirstSeq + 1), isProven: true);
        }
    }

    // Takes over the reference of the batch's frame. False when the members have it already.
    private bool Apply(PartitionFeed feed, ParkedBatch batch, int messages, bool isProven)
    {
        Position cursor = feed.Cursor;
        if (!IsNewer(feed, batch))
        {
            batch.Frame.Release();
            return false;
        }

        if (batch.FirstSeq > cursor.Seq + 1
            || (batch.FirstSeq == cursor.Seq + 1 && batch.Epoch != cursor.Epoch && !isProven))
        {
            Gap(feed, Before(cursor, batch), GapReason.Trimmed);
        }
        else if (batch.Epoch > cursor.Epoch && batch.FirstSeq <= cursor.Seq)
        {
            // A new owner began below what the members have: the store has lost a tail that they had seen.
            Gap(feed, Before(cursor, batch), GapReason.HistoryDiverged);
        }

        feed.Cursor = cursor with { Epoch = batch.Epoch, Seq = batch.LastSeq };
        Recent.Add(feed, batch.Frame, batch.Epoch, batch.FirstSeq, batch.LastSeq);
        effects.Fanout(feed, batch.Frame, messages, isEphemeral: false);
        CursorMoved(feed);
        return true;
    }

    private static Position Before(Position cursor, ParkedBatch batch) => cursor with { Epoch = batch.Epoch, Seq = batch.FirstSeq - 1 };

    private void Gap(PartitionFeed feed, Position until, GapReason reason)
    {
        counters.Gaps++;
        Recent.Clear(feed);
        effects.Fanout(feed, ServerFrames.Gap(feed.Room.Name, feed.Cursor, until, reason), 0, isEphemeral: false);
    }
}
