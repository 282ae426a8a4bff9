using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>How a JOIN begins: finds the place that it asked for, answers with JOINED, and lets the reader go on from there.</summary>
internal sealed class Arrivals(IEdgeEffects effects, EdgeCounters counters, CatchUp catchUp)
{
    /// <summary>Starts, once the room is open.</summary>
    public void Begin(Membership membership, PartitionFeed feed)
    {
        var reader = new Reader(membership, feed);
        membership.Reader = reader;
        feed.ReaderCount++;
        JoinRequest request = membership.Request!;
        Position cursor = feed.Cursor;
        switch (request.Start)
        {
            case JoinStart.Resume when request.Position == cursor || CatchUp.IsRecent(feed, request.Position):
                Joined(reader, request.Position, cursor);
                catchUp.Advance(reader);
                break;
            case JoinStart.Resume:
                reader.StandAt(request.Position, isProven: false);
                catchUp.Read(reader, LogReadKind.Verify, request.Position.Epoch, request.Position.Seq);
                break;
            case JoinStart.LastMessages when request.LastMessages > 0 && cursor.Seq > 0:
                BeginWithLast(reader, (ulong)request.LastMessages);
                break;
            default:
                Joined(reader, cursor, cursor);
                catchUp.Advance(reader);
                break;
        }
    }

    /// <summary>Takes a page to all readers that wait for it.</summary>
    public void PageRead(LogRead read, LogPage page)
    {
        using var shared = new SharedPage(page);
        foreach (Reader reader in read.Readers)
        {
            if (read.IsAwaitedBy(reader))
            {
                Arrive(reader, read.Kind, shared);
                catchUp.PageRead(reader, read.Kind, shared);
            }
        }
    }

    private void Arrive(Reader reader, LogReadKind kind, SharedPage page)
    {
        if (reader.Membership.Request is not { } request)
        {
            return;
        }

        if (kind == LogReadKind.Tail)
        {
            JoinAtTail(reader, (ulong)request.LastMessages, page);
        }
        else
        {
            JoinVerified(reader, page);
        }
    }

    private void BeginWithLast(Reader reader, ulong wanted)
    {
        Position cursor = reader.Feed.Cursor;
        ulong after = cursor.Seq > wanted ? cursor.Seq - wanted : 0;
        RecentBatch? first = CatchUp.FirstAfter(reader.Feed, after);
        if (first is not null && first.FirstSeq <= after + 1)
        {
            Joined(reader, cursor with { Epoch = first.Epoch, Seq = after }, cursor);
            catchUp.Advance(reader);
        }
        else
        {
            catchUp.Read(reader, LogReadKind.Tail, 0, wanted);
        }
    }

    private void JoinAtTail(Reader reader, ulong wanted, SharedPage page)
    {
        Position top = reader.Feed.Cursor;
        if (!page.TryFirst(out DeliverBody first))
        {
            Joined(reader, top, top);
            return;
        }

        // The log is what counts: it is ahead of the relays, or behind them when the store has lost its end. What comes
        // twice from here counts once at the client.
        LogEntry last = page.Entries[^1];
        top = top with { Epoch = last.Epoch, Seq = last.LastSeq };
        ulong after = Math.Max(first.First.Seq - 1, top.Seq > wanted ? top.Seq - wanted : 0);
        ulong epoch = page.Entries.First(entry => entry.LastSeq >= after).Epoch;
        Joined(reader, top with { Epoch = epoch, Seq = after }, top);
    }

    private void JoinVerified(Reader reader, SharedPage page)
    {
        Position from = reader.Position;
        Position cursor = reader.Feed.Cursor;
        bool isStart = from == Position.Start;
        if (!page.TryFirst(out DeliverBody first))
        {
            // Nothing at or after the position: only the start of an empty log is right there.
            Joined(reader, isStart ? cursor : from, cursor);
            if (!isStart && from != cursor)
            {
                catchUp.Gap(reader, cursor, GapReason.HistoryDiverged);
            }

            return;
        }

        if (isStart)
        {
            // The log may have gone on, or begun anew, since the room was last told.
            LogEntry last = page.Entries[^1];
            bool isAhead = last.Epoch > cursor.Epoch || (last.Epoch == cursor.Epoch && last.LastSeq > cursor.Seq);
            Joined(
                reader,
                first.First with { Seq = first.First.Seq - 1 },
                isAhead ? cursor with { Epoch = last.Epoch, Seq = last.LastSeq } : cursor);
        }
        else
        {
            Joined(reader, from, cursor);
        }
    }

    private void Joined(Reader reader, Position from, Position top)
    {
        Membership membership = reader.Membership;
        uint correlation = membership.Request!.Correlation;
        membership.Joined();
        reader.StandAt(from, isProven: false);
        counters.Joins++;
        effects.Send(membership.Session, ServerFrames.Joined(correlation, membership.Room.Name, from, top));
    }
}
