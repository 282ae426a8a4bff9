using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// Keeps each channel's members in step with its log: batches in order once, holes repaired by one read, and a
/// history that parted from the members' own told to them.
/// </summary>
internal sealed class ChannelFeed(EdgeOptions options, IEdgeEffects effects, EdgeCounters counters, LogReads reads)
{
    private const int ParkedBytesMax = 4 * 1024 * 1024;

    public RecentBatches Recent { get; } = new(options.RecentChannelBytesMax, options.RecentBytesMax);

    /// <summary>Called after the members of a channel were given a batch.</summary>
    public required Action<EdgeChannel> CursorMoved { get; init; }

    /// <summary>Takes a relayed batch.</summary>
    public void Take(EdgeChannel channel, in DeliverBody body, ReadOnlySpan<byte> encoded)
    {
        if (!channel.IsOpen || body.Count == 0)
        {
            return;
        }

        SharedFrame frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, encoded);
        var batch = new ParkedBatch(frame, body.First.Epoch, body.First.Seq, body.Last.Seq);
        if (channel.IsRepairing)
        {
            Park(channel, batch);
        }
        else if (IsNewer(channel, batch) && IsHole(channel, batch))
        {
            Park(channel, batch);
            Repair(channel);
        }
        else
        {
            Apply(channel, batch, body.Count, isProven: true);
        }
    }

    /// <summary>The owner says where the log ends: when that is not where the members are, something was lost.</summary>
    public void CheckTop(EdgeChannel channel, Position top)
    {
        if (channel.IsOpen && !channel.IsRepairing && IsBefore(channel.Cursor, top))
        {
            Repair(channel);
        }
    }

    /// <summary>Takes a page read to repair the channel.</summary>
    public void Repaired(LogRead read, LogPage page)
    {
        EdgeChannel channel = read.Channel;

        // Whatever follows the cursor's own entry in the log follows the cursor.
        bool isProven = read.Seq > channel.Cursor.Seq || StartsAtCursor(channel, page);
        foreach (LogEntry entry in page.Entries)
        {
            if (DeliverBody.TryDecodeEnvelope(entry.Body.Span, out DeliverBody body) != DecodeStatus.Ok)
            {
                isProven |= PassOver(channel, entry);
                continue;
            }

            SharedFrame frame = SharedFrame.Create(FrameType.Deliver, FrameFlags.None, 0, entry.Body.Span);
            if (Apply(channel, new ParkedBatch(frame, entry.Epoch, body.First.Seq, entry.LastSeq), body.Count, isProven))
            {
                isProven = true;
                channel.HasRepairProgress = true;
            }
        }

        if (page.HasMore)
        {
            // At the pace of the members, who may have this hole because they were behind.
            effects.NotifyWhenHandedOut(channel);
            return;
        }

        channel.IsRepairing = false;
        Unpark(channel);
    }

    /// <summary>
    /// A page of a repair, or some of what came meanwhile, was handed out: goes on with the next. Not from the cursor's
    /// entry again: a page that it fills alone would be read for ever.
    /// </summary>
    public void RepairOn(EdgeChannel channel)
    {
        if (channel.IsUnparking)
        {
            channel.IsUnparking = false;
            channel.IsRepairing = false;
            Unpark(channel);
        }
        else
        {
            reads.Repair(channel, channel.Cursor.Seq + 1);
        }
    }

    /// <summary>The last member has left.</summary>
    public void Forget(EdgeChannel channel)
    {
        channel.IsGone = true;
        Recent.Clear(channel);
        while (channel.Parked.TryDequeue(out ParkedBatch parked))
        {
            parked.Frame.Release();
        }
    }

    // An entry that cannot be read: members are told, and go on behind it. False when it is behind them already.
    private bool PassOver(EdgeChannel channel, in LogEntry entry)
    {
        Position until = channel.Cursor with { Epoch = entry.Epoch, Seq = entry.LastSeq };
        if (!IsBefore(channel.Cursor, until))
        {
            return false;
        }

        counters.UnreadableEntries++;
        effects.EntryUnreadable(channel, until);
        Gap(channel, until, GapReason.Skipped);
        channel.Cursor = until;
        channel.HasRepairProgress = true;
        CursorMoved(channel);
        return true;
    }

    private static bool StartsAtCursor(EdgeChannel channel, LogPage page) =>
        channel.Cursor.Seq == 0
        || (page.Entries.Count > 0
            && page.Entries[0].Epoch == channel.Cursor.Epoch
            && page.Entries[0].LastSeq >= channel.Cursor.Seq);

    private static bool IsBefore(Position cursor, Position top) =>
        cursor.Epoch < top.Epoch || (cursor.Epoch == top.Epoch && cursor.Seq < top.Seq);

    private static bool IsNewer(EdgeChannel channel, ParkedBatch batch) =>
        batch.Epoch > channel.Cursor.Epoch || (batch.Epoch == channel.Cursor.Epoch && batch.LastSeq > channel.Cursor.Seq);

    // A new epoch may have replaced what the members have, also when its seq goes on from theirs: the log tells.
    private static bool IsHole(EdgeChannel channel, ParkedBatch batch) =>
        batch.FirstSeq > channel.Cursor.Seq + 1 || (batch.Epoch != channel.Cursor.Epoch && channel.Cursor.Seq > 0);

    private void Repair(EdgeChannel channel)
    {
        counters.Repairs++;
        channel.IsRepairing = true;
        channel.HasRepairProgress = false;
        reads.Repair(channel, channel.Cursor.Seq);
    }

    private static void Park(EdgeChannel channel, ParkedBatch batch)
    {
        if (channel.ParkedBytes + batch.Frame.Length > ParkedBytesMax)
        {
            // It is in the log; the next hole or top brings it back.
            batch.Frame.Release();
            return;
        }

        channel.Parked.Enqueue(batch);
        channel.ParkedBytes += batch.Frame.Length;
    }

    private void Unpark(EdgeChannel channel)
    {
        int handedOutBytes = 0;
        while (!channel.IsRepairing && channel.Parked.TryPeek(out ParkedBatch parked))
        {
            if (handedOutBytes > CatchUp.StepBytes)
            {
                // All at once would be more than a connection may have waiting, and cut every member.
                channel.IsUnparking = true;
                channel.IsRepairing = true;
                effects.NotifyWhenHandedOut(channel);
                return;
            }

            if (IsNewer(channel, parked) && IsHole(channel, parked) && channel.HasRepairProgress)
            {
                Repair(channel);
                return;
            }

            channel.Parked.Dequeue();
            channel.ParkedBytes -= parked.Frame.Length;
            if (IsHole(channel, parked))
            {
                // Of a history that is over, or the log has nothing before it: the store has lost it. Reading again
                // would not end.
                parked.Frame.Release();
                continue;
            }

            handedOutBytes += parked.Frame.Length;
            Apply(channel, parked, (int)(parked.LastSeq - parked.FirstSeq + 1), isProven: true);
        }
    }

    // Takes over the reference of the batch's frame. False when the members have it already.
    private bool Apply(EdgeChannel channel, ParkedBatch batch, int messages, bool isProven)
    {
        Position cursor = channel.Cursor;
        if (!IsNewer(channel, batch))
        {
            batch.Frame.Release();
            return false;
        }

        if (batch.FirstSeq > cursor.Seq + 1
            || (batch.FirstSeq == cursor.Seq + 1 && batch.Epoch != cursor.Epoch && !isProven))
        {
            Gap(channel, Before(cursor, batch), GapReason.Trimmed);
        }
        else if (batch.Epoch > cursor.Epoch && batch.FirstSeq <= cursor.Seq)
        {
            // A new owner began below what the members have: the store has lost a tail that they had seen.
            Gap(channel, Before(cursor, batch), GapReason.HistoryDiverged);
        }

        channel.Cursor = cursor with { Epoch = batch.Epoch, Seq = batch.LastSeq };
        Recent.Add(channel, batch.Frame, batch.Epoch, batch.FirstSeq, batch.LastSeq);
        effects.Fanout(channel, batch.Frame, messages, isEphemeral: false);
        CursorMoved(channel);
        return true;
    }

    private static Position Before(Position cursor, ParkedBatch batch) => cursor with { Epoch = batch.Epoch, Seq = batch.FirstSeq - 1 };

    private void Gap(EdgeChannel channel, Position until, GapReason reason)
    {
        counters.Gaps++;
        Recent.Clear(channel);
        effects.Fanout(channel, ServerFrames.Gap(channel.Name, channel.Cursor, until, reason), 0, isEphemeral: false);
    }
}
