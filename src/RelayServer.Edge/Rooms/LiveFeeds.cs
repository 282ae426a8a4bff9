using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// Keeps each feed's members in step with its log: batches in order once, holes repaired by one read, and a history that
/// parted from the members' own told to them.
/// </summary>
internal sealed class LiveFeeds(EdgeOptions options, IEdgeEffects effects, EdgeCounters counters, LogReads reads)
{
    public RecentBatches Recent { get; } = new(options.RecentChannelBytesMax, options.RecentBytesMax);

    public ParkedBudget Parked { get; } = new(options.ParkedBytesMax);

    /// <summary>Called after the members of a feed were given a batch.</summary>
    public required Action<PartitionFeed> CursorMoved { get; init; }

    /// <summary>Called after the members of a feed were given the last that there is in its log.</summary>
    public required Action<PartitionFeed, SplitNotice> Ended { get; init; }

    /// <summary>Called when a log that must have an end was read, and has none.</summary>
    public required Action<PartitionFeed> Vanished { get; init; }

    /// <summary>Takes a relayed batch.</summary>
    public void Take(PartitionFeed feed, in DeliverBody body, ReadOnlySpan<byte> encoded)
    {
        if (body.Count == 0 || !feed.IsLive)
        {
            return;
        }

        bool isIdle = feed.ReaderCount == 0 && !feed.IsRepairing;
        if (isIdle && !SplitEnd.MayBe(body) && !FeedOrder.HasOlder(feed))
        {
            Jump(feed, body.Last);
            return;
        }

        ParkedBatch batch = ParkedBatch.Of(body, encoded);
        PassSkipped(feed, batch.FirstSeq);
        if (feed.IsRepairing)
        {
            feed.Park(batch, Parked);
            return;
        }

        if (FeedOrder.IsNewer(feed.Cursor, batch) && FeedOrder.IsHole(feed.Cursor, batch))
        {
            if (!isIdle)
            {
                feed.Park(batch, Parked);
                Repair(feed);
                return;
            }

            Jump(feed, FeedOrder.Before(batch, feed.Cursor));
        }

        Apply(feed, batch, isProven: true);
    }

    /// <summary>The owner says that these messages are in the log, and not for members; what follows them comes with the same relay.</summary>
    public static void Skip(PartitionFeed feed, SkippedRange range)
    {
        if (feed.IsLive && !feed.IsRepairing)
        {
            (feed.Skipped ??= new Queue<SkippedRange>()).Enqueue(range);
        }
    }

    /// <summary>The relay that told of skipped messages is over: what is left of them comes last.</summary>
    public void SettleSkipped(PartitionFeed feed)
    {
        PassSkipped(feed, ulong.MaxValue);
        if (feed.Skipped is { Count: > 0 } left && feed.IsLive && !feed.IsRepairing && !feed.IsGone)
        {
            SkippedRange last = left.Last();
            CheckTop(feed, feed.Cursor with { Epoch = last.Epoch, Seq = last.LastSeq });
        }

        feed.Skipped = null;
    }

    /// <summary>The owner says where the log ends: when that is not where the members are, something was lost.</summary>
    public void CheckTop(PartitionFeed feed, Position top)
    {
        if (!feed.IsLive || !FeedOrder.IsBefore(feed.Cursor, top))
        {
            return;
        }

        if (feed.IsRepairing)
        {
            // The page under way may have been read before this was logged, and the owner does not say it twice.
            feed.MustRepairAgain = true;
        }
        else if (feed.ReaderCount == 0)
        {
            Jump(feed, top);
        }
        else
        {
            Repair(feed);
        }
    }

    /// <summary>A newer generation exists, so the log ends: its end is read when it did not come.</summary>
    /// <param name="feed">A live feed of an older generation.</param>
    /// <param name="isAgain">Also when it was looked for because of the same generation before.</param>
    public void SeekEnd(PartitionFeed feed, bool isAgain)
    {
        ulong newest = feed.Room.NewestGeneration;
        if (feed.EndSoughtFor == newest && !isAgain)
        {
            return;
        }

        feed.EndSoughtFor = newest;
        if (feed.IsRepairing)
        {
            feed.MustRepairAgain = true;
        }
        else
        {
            Repair(feed);
        }
    }

    /// <summary>Nothing is known of where the log ends: it is read from the cursor on.</summary>
    public void SeekMore(PartitionFeed feed)
    {
        if (feed.IsLive && !feed.IsGone && !feed.IsRepairing)
        {
            Repair(feed);
        }
    }

    /// <summary>Takes a page read to repair the feed.</summary>
    public void Repaired(LogRead read, LogPage page)
    {
        PartitionFeed feed = read.Feed;

        if (feed.MustProve(read.Seq, page))
        {
            reads.Repair(feed, feed.Cursor.Seq);
            return;
        }

        // Whatever follows the cursor's own entry in the log follows the cursor.
        bool isProven = read.Seq > feed.Cursor.Seq || FeedOrder.StartsAt(feed.Cursor, page);
        foreach (LogEntry entry in page.Entries)
        {
            if (!feed.IsLive)
            {
                break;
            }

            if (DeliverBody.TryDecodeEnvelope(entry.Body.Span, out DeliverBody body) != DecodeStatus.Ok)
            {
                isProven |= PassOver(feed, entry);
            }
            else if (FeedOrder.EndsAt(entry, feed.Cursor))
            {
                // A feed may have begun right at the end of its log, where a member stood that came from elsewhere.
                if (SplitEnd.MayBe(body) && SplitEnd.Find(body) is { } end)
                {
                    feed.ForgetParked();
                    Ended(feed, end);
                }
            }
            else if (Apply(feed, ParkedBatch.Of(feed.Room, body, entry), isProven))
            {
                isProven = true;
                feed.HasRepairProgress = true;
            }
        }

        if (!feed.IsLive)
        {
            // It may come to life again, when the store has lost the end.
            feed.IsRepairing = false;
            feed.ForgetParked();
            return;
        }

        if (page.HasMore)
        {
            // At the pace of the members, who may have this hole because they were behind.
            effects.NotifyWhenHandedOut(feed);
            return;
        }

        RepairDone(feed);
    }

    /// <summary>
    /// A page of a repair, or some of what came meanwhile, was handed out: goes on with the next. Not from the cursor's
    /// entry again: a page that it fills alone would be read for ever.
    /// </summary>
    public void RepairOn(PartitionFeed feed)
    {
        if (!feed.IsLive)
        {
            feed.IsRepairing = false;
            feed.IsUnparking = false;
            feed.ForgetParked();
            return;
        }

        if (feed.IsUnparking)
        {
            feed.IsUnparking = false;
            RepairDone(feed);
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
        feed.ForgetParked();
    }

    private void RepairDone(PartitionFeed feed)
    {
        feed.IsRepairing = false;
        Unpark(feed);
        if (!feed.IsLive || feed.IsRepairing)
        {
            return;
        }

        if (feed.MustRepairAgain)
        {
            Repair(feed);
        }
        else if (feed.EndSoughtFor == feed.Room.NewestGeneration && feed.Log.Generation < feed.Room.Current.Generation)
        {
            // The last message of a log and the next generation are of one flush: the store has lost that one, and there is another.
            Vanished(feed);
        }
    }

    // An entry that cannot be read: members are told, and go on behind it. False when it is behind them already.
    private bool PassOver(PartitionFeed feed, in LogEntry entry)
    {
        Position until = feed.Cursor with { Epoch = entry.Epoch, Seq = entry.LastSeq };
        if (!FeedOrder.IsBefore(feed.Cursor, until))
        {
            return false;
        }

        counters.UnreadableEntries++;
        effects.EntryUnreadable(feed, until);
        GapTo(feed, until);
        feed.HasRepairProgress = true;
        return true;
    }

    // A hole in what was relayed that the owner has explained is told, not repaired.
    private void PassSkipped(PartitionFeed feed, ulong beforeSeq)
    {
        while (feed.Skipped is not null && !feed.IsRepairing && feed.Skipped.TryPeek(out SkippedRange range) && range.FirstSeq < beforeSeq)
        {
            bool isBehind = range.Epoch == feed.Cursor.Epoch && range.LastSeq <= feed.Cursor.Seq;
            bool isIdle = feed.ReaderCount == 0;
            if (!isBehind && !isIdle && (range.Epoch != feed.Cursor.Epoch || range.FirstSeq > feed.Cursor.Seq + 1))
            {
                // Something before it is missing, too.
                return;
            }

            feed.Skipped.Dequeue();
            Position until = feed.Cursor with { Epoch = range.Epoch, Seq = range.LastSeq };
            if (isIdle)
            {
                Jump(feed, until);
            }
            else if (!isBehind)
            {
                GapTo(feed, until);
            }
        }
    }

    private void GapTo(PartitionFeed feed, Position until)
    {
        Gap(feed, until, GapReason.Skipped);
        feed.Cursor = until;
        CursorMoved(feed);
    }

    // Nobody is here to be told, so nothing has to be read either.
    private void Jump(PartitionFeed feed, Position to)
    {
        if (FeedOrder.IsBefore(feed.Cursor, to))
        {
            feed.Cursor = to;
            Recent.Clear(feed);
        }
    }

    private void Repair(PartitionFeed feed)
    {
        counters.Repairs++;
        feed.BeginRepair();
        reads.Repair(feed, feed.Cursor.Seq);
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

            if (FeedOrder.IsNewer(feed.Cursor, parked) && FeedOrder.IsHole(feed.Cursor, parked) && feed.HasRepairProgress)
            {
                Repair(feed);
                return;
            }

            feed.Parked.Remove();
            if (FeedOrder.IsHole(feed.Cursor, parked))
            {
                // Of a history that is over, or the log has nothing before it: the store has lost it. Reading again
                // would not end.
                parked.Frame.Release();
                continue;
            }

            handedOutBytes += parked.Frame.Length;
            Apply(feed, parked.WithoutDeleted(feed.Room), isProven: true);
        }
    }

    // Takes over the reference of the batch's frame. False when the members have it already.
    private bool Apply(PartitionFeed feed, ParkedBatch batch, bool isProven)
    {
        Position cursor = feed.Cursor;
        if (!FeedOrder.IsNewer(feed.Cursor, batch))
        {
            batch.Frame.Release();
            return false;
        }

        if (batch.FirstSeq > cursor.Seq + 1
            || (batch.FirstSeq == cursor.Seq + 1 && batch.Epoch != cursor.Epoch && !isProven))
        {
            Gap(feed, FeedOrder.Before(batch, cursor), GapReason.Trimmed);
        }
        else if (batch.Epoch > cursor.Epoch && batch.FirstSeq <= cursor.Seq)
        {
            // A new owner began below what the members have: the store has lost a tail that they had seen.
            Gap(feed, FeedOrder.Before(batch, cursor), GapReason.HistoryDiverged);
        }

        feed.Cursor = cursor with { Epoch = batch.Epoch, Seq = batch.LastSeq };
        SplitNotice? end = batch.MayEnd ? batch.FindEnd() : null;
        Recent.Add(feed, batch.Frame, batch.Epoch, batch.FirstSeq, batch.LastSeq);
        effects.Fanout(feed, batch.Frame, batch.Messages, Capabilities.None);
        if (end is null)
        {
            CursorMoved(feed);
        }
        else
        {
            feed.ForgetParked();
            Ended(feed, end);
        }

        return true;
    }

    private void Gap(PartitionFeed feed, Position until, GapReason reason)
    {
        counters.Gaps++;
        Recent.Clear(feed);
        effects.Fanout(feed, ServerFrames.Gap(feed.Room.Name, feed.Cursor, until, reason), 0, Capabilities.None);
    }
}
