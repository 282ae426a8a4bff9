using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

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
        if (page.Entries.Count > 0 && page.Entries[0].Epoch == reader.Position.Epoch)
        {
            reader.StandAt(reader.Position, isProven: true);
        }
        else if (kind == LogReadKind.Advance && page.Entries.Count > 0 && !reader.IsProven)
        {
            // Another epoch than the member's comes next: only the entry that it stands at can tell whether it follows.
            Read(reader, LogReadKind.Verify, reader.Position.Epoch, reader.Position.Seq);
            return;
        }

        SendPage(reader, page);
    }

    /// <summary>From a verified position: live when nothing is missing, else the next step from memory or from the log.</summary>
    public void Advance(Reader reader)
    {
        PartitionFeed feed = reader.Feed;
        if (!IsBehind(reader))
        {
            GoLive(reader);
            return;
        }

        RecentBatch? next = FirstAfter(feed, reader.Position.Seq);
        if (next is null || next.FirstSeq > reader.Position.Seq + 1 || !LeadsFrom(feed, reader.Position, next))
        {
            Read(reader, LogReadKind.Advance, reader.Position.Epoch, reader.Position.Seq + 1);
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

    /// <summary>Asks for a page.</summary>
    public void Read(Reader reader, LogReadKind kind, ulong epoch, ulong seq)
    {
        reader.Phase = ReaderPhase.Reading;
        reads.CatchUp(reader, kind, epoch, seq);
    }

    /// <summary>Tells that messages will not come, and goes on behind them.</summary>
    public void Gap(Reader reader, Position until, GapReason reason)
    {
        counters.Gaps++;
        effects.Send(reader.Session, ServerFrames.Gap(reader.Feed.Room.Name, reader.Position, until, reason));
        reader.StandAt(until, isProven: false);
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

    private void GoLive(Reader reader)
    {
        PartitionFeed feed = reader.Feed;
        Position cursor = feed.Cursor;
        if (reader.Position.Epoch > cursor.Epoch || reader.Position.Seq > cursor.Seq)
        {
            // Whatever the members are told next begins at the cursor; a gap there would be none for this one.
            reader.Phase = ReaderPhase.Ahead;
            (feed.Ahead ??= []).Add(reader);
            return;
        }

        reader.Phase = ReaderPhase.Live;
        effects.AddMember(feed, reader.Session);
    }

    private void SendPage(Reader reader, SharedPage page)
    {
        bool isBehind = IsBehind(reader);
        int sentBytes = 0;
        for (int i = 0; i < page.Entries.Count; i++)
        {
            LogEntry entry = page.Entries[i];
            if (sentBytes > StepBytes)
            {
                // The rest is read on from here, once the connection has taken this.
                break;
            }

            bool isNews = entry.Epoch > reader.Position.Epoch || entry.LastSeq > reader.Position.Seq;
            if (!isNews)
            {
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
        }

        if (isBehind && page.Entries.Count == 0)
        {
            // The log ends before what the members have had: it lost them, and nothing is left to wait for.
            Gap(reader, reader.Feed.Cursor, GapReason.HistoryDiverged);
        }

        WaitForConnection(reader);
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

    private static bool IsBehind(Reader reader)
    {
        Position cursor = reader.Feed.Cursor;
        return reader.Position.Epoch < cursor.Epoch
            || (reader.Position.Epoch == cursor.Epoch && reader.Position.Seq < cursor.Seq);
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
