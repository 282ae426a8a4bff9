using RelayServer.Edge.Hosting;
using RelayServer.Edge.Transport;
using RelayServer.Fabric;
using RelayServer.Protocol;

namespace RelayServer.Edge.Rooms;

/// <summary>
/// Brings a member from its JOIN to the present: verifies where it says it stands, sends what it lacks at the pace its
/// connection takes it, and makes it live at the moment it has everything.
/// </summary>
internal sealed class CatchUp(IEdgeEffects effects, EdgeCounters counters, LogReads reads)
{
    /// <summary>How much is sent before waiting for the connection to take it.</summary>
    public const int StepBytes = 96 * 1024;

    /// <summary>How much history by count is read at a time, in bytes; more is read on from there.</summary>
    public const int TailBytesMax = 4 * 1024 * 1024;

    /// <summary>Starts, once the channel is open.</summary>
    public void Begin(Membership member)
    {
        EdgeChannel channel = member.Channel;
        switch (member.Start)
        {
            case JoinStart.Resume when member.Position == channel.Cursor || IsRecent(channel, member.Position):
                Joined(member, member.Position);
                Advance(member);
                break;
            case JoinStart.Resume:
                Read(member, LogReadKind.Verify, member.Position.Epoch, member.Position.Seq);
                break;
            case JoinStart.LastMessages when member.LastMessages > 0 && channel.Cursor.Seq > 0:
                BeginWithLast(member);
                break;
            default:
                Joined(member, channel.Cursor);
                Advance(member);
                break;
        }
    }

    /// <summary>Goes on after the connection took what was sent.</summary>
    public void Drained(Membership member)
    {
        if (member.Phase == MembershipPhase.Draining)
        {
            Advance(member);
        }
    }

    /// <summary>The channel's cursor has moved: maybe to where members wait for it.</summary>
    public void CursorMoved(EdgeChannel channel)
    {
        if (channel.Ahead.Count > 0)
        {
            Membership[] ahead = [.. channel.Ahead];
            channel.Ahead.Clear();
            foreach (Membership member in ahead)
            {
                Advance(member);
            }
        }
    }

    /// <summary>Takes a page to all members that wait for it.</summary>
    public void PageRead(LogRead read, LogPage page)
    {
        using var shared = new SharedPage(page);
        foreach (Membership member in read.Members)
        {
            if (member.Phase == MembershipPhase.Reading)
            {
                PageRead(member, read.Kind, shared);
            }
        }
    }

    private void PageRead(Membership member, LogReadKind kind, SharedPage page)
    {
        if (!member.IsJoined)
        {
            if (kind == LogReadKind.Tail)
            {
                JoinAtTail(member, page);
            }
            else
            {
                JoinVerified(member, page);
            }
        }

        if (page.Entries.Count > 0 && page.Entries[0].Epoch == member.Position.Epoch)
        {
            member.Proven = member.Position;
        }
        else if (kind == LogReadKind.Advance && page.Entries.Count > 0 && !IsProven(member))
        {
            // Another epoch than the member's comes next: only the entry that it stands at can tell whether it follows.
            Read(member, LogReadKind.Verify, member.Position.Epoch, member.Position.Seq);
            return;
        }

        SendPage(member, page);
    }

    private void BeginWithLast(Membership member)
    {
        EdgeChannel channel = member.Channel;
        ulong wanted = (ulong)member.LastMessages;
        ulong after = channel.Cursor.Seq > wanted ? channel.Cursor.Seq - wanted : 0;
        RecentBatch? first = FirstAfter(channel, after);
        if (first is not null && first.FirstSeq <= after + 1)
        {
            Joined(member, channel.Cursor with { Epoch = first.Epoch, Seq = after });
            Advance(member);
        }
        else
        {
            Read(member, LogReadKind.Tail, 0, wanted);
        }
    }

    private void JoinAtTail(Membership member, SharedPage page)
    {
        Position top = member.Channel.Cursor;
        ulong wanted = (ulong)member.LastMessages;
        if (page.Entries.Count == 0 || !TryFirst(page, out DeliverBody first))
        {
            Joined(member, top);
            return;
        }

        // The log is what counts: it is ahead of the relays, or behind them when the store has lost its end. What comes
        // twice from here counts once at the client.
        LogEntry last = page.Entries[^1];
        top = top with { Epoch = last.Epoch, Seq = last.LastSeq };
        ulong after = Math.Max(first.First.Seq - 1, top.Seq > wanted ? top.Seq - wanted : 0);
        ulong epoch = page.Entries.First(entry => entry.LastSeq >= after).Epoch;
        Joined(member, top with { Epoch = epoch, Seq = after }, top);
    }

    private void JoinVerified(Membership member, SharedPage page)
    {
        Position from = member.Position;
        Position cursor = member.Channel.Cursor;
        bool isStart = from == Position.Start;
        if (page.Entries.Count == 0 || !TryFirst(page, out DeliverBody first))
        {
            // Nothing at or after the position: only the start of an empty log is right there.
            Joined(member, isStart ? cursor : from);
            if (!isStart && from != cursor)
            {
                Gap(member, cursor, GapReason.HistoryDiverged);
            }

            return;
        }

        if (isStart)
        {
            // The log may have gone on, or begun anew, since the channel was last told.
            LogEntry last = page.Entries[^1];
            bool isAhead = last.Epoch > cursor.Epoch || (last.Epoch == cursor.Epoch && last.LastSeq > cursor.Seq);
            Joined(
                member,
                first.First with { Seq = first.First.Seq - 1 },
                isAhead ? cursor with { Epoch = last.Epoch, Seq = last.LastSeq } : cursor);
        }
        else
        {
            Joined(member, from);
        }
    }

    private void SendPage(Membership member, SharedPage page)
    {
        bool isBehind = IsBehind(member);
        int sentBytes = 0;
        for (int i = 0; i < page.Entries.Count; i++)
        {
            LogEntry entry = page.Entries[i];
            if (sentBytes > StepBytes)
            {
                // The rest is read on from here, once the connection has taken this.
                break;
            }

            bool isNews = entry.Epoch > member.Position.Epoch || entry.LastSeq > member.Position.Seq;
            if (!isNews)
            {
                continue;
            }

            if (DeliverBody.TryDecodeEnvelope(entry.Body.Span, out DeliverBody body) != DecodeStatus.Ok)
            {
                counters.UnreadableEntries++;
                Gap(member, member.Position with { Epoch = entry.Epoch, Seq = entry.LastSeq }, GapReason.Skipped);
                isBehind = false;
                continue;
            }

            NoteGapBefore(member, body.First);
            effects.Send(member.Session, page.FrameOf(i));
            member.Position = member.Position with { Epoch = entry.Epoch, Seq = entry.LastSeq };
            member.Proven = member.Position;
            sentBytes += entry.Body.Length;
            isBehind = false;
        }

        if (isBehind && page.Entries.Count == 0)
        {
            // The log ends before what the members have had: it lost them, and nothing is left to wait for.
            Gap(member, member.Channel.Cursor, GapReason.HistoryDiverged);
        }

        WaitForConnection(member);
    }

    private void NoteGapBefore(Membership member, Position first)
    {
        Position before = first with { Seq = first.Seq - 1 };
        bool isOtherEpoch = first.Epoch != member.Position.Epoch;
        if (first.Seq > member.Position.Seq + 1 || (first.Seq == member.Position.Seq + 1 && isOtherEpoch && !IsProven(member)))
        {
            Gap(member, before, GapReason.Trimmed);
        }
        else if (isOtherEpoch && first.Seq <= member.Position.Seq)
        {
            // A new owner began below what this member has: the store has lost a tail that it had seen.
            Gap(member, before, GapReason.HistoryDiverged);
        }
    }

    // From a verified position: live when nothing is missing, else the next step from memory or from the log.
    private void Advance(Membership member)
    {
        EdgeChannel channel = member.Channel;
        if (!IsBehind(member))
        {
            Position cursor = channel.Cursor;
            if (member.Position.Epoch > cursor.Epoch || member.Position.Seq > cursor.Seq)
            {
                // Whatever the members are told next begins at the cursor; a gap there would be none for this one.
                member.Phase = MembershipPhase.Ahead;
                channel.Ahead.Add(member);
                return;
            }

            member.Phase = MembershipPhase.Live;
            effects.AddMember(channel, member.Session);
            return;
        }

        RecentBatch? next = FirstAfter(channel, member.Position.Seq);
        if (next is null || next.FirstSeq > member.Position.Seq + 1 || !LeadsFrom(channel, member.Position, next))
        {
            Read(member, LogReadKind.Advance, member.Position.Epoch, member.Position.Seq + 1);
            return;
        }

        int sentBytes = 0;
        foreach (LinkedListNode<RecentBatch> node in channel.Recent)
        {
            RecentBatch batch = node.Value;
            if (batch.LastSeq <= member.Position.Seq)
            {
                continue;
            }

            if (sentBytes > 0 && sentBytes + batch.Frame.Length > StepBytes)
            {
                break;
            }

            sentBytes += batch.Frame.Length;
            effects.Send(member.Session, batch.Frame.AddReference());
            member.Position = member.Position with { Epoch = batch.Epoch, Seq = batch.LastSeq };
        }

        if (IsBehind(member))
        {
            WaitForConnection(member);
        }
        else
        {
            Advance(member);
        }
    }

    private static bool IsBehind(Membership member)
    {
        Position cursor = member.Channel.Cursor;
        return member.Position.Epoch < cursor.Epoch
            || (member.Position.Epoch == cursor.Epoch && member.Position.Seq < cursor.Seq);
    }

    private static bool IsProven(Membership member) => member.Position.Seq == 0 || member.Proven == member.Position;

    private static bool TryFirst(SharedPage page, out DeliverBody first) =>
        DeliverBody.TryDecodeEnvelope(page.Entries[0].Body.Span, out first) == DecodeStatus.Ok;

    private static RecentBatch? FirstAfter(EdgeChannel channel, ulong seq)
    {
        foreach (LinkedListNode<RecentBatch> node in channel.Recent)
        {
            if (node.Value.LastSeq > seq)
            {
                return node.Value;
            }
        }

        return null;
    }

    // Across epochs only the batch before tells whether both are of one history; without it the log has to.
    private static bool LeadsFrom(EdgeChannel channel, Position position, RecentBatch next) =>
        next.Epoch == position.Epoch
        || channel.Recent.Any(node => node.Value.Epoch == position.Epoch && node.Value.LastSeq == position.Seq);

    // A place inside or right before a batch of the same epoch that is still in memory.
    private static bool IsRecent(EdgeChannel channel, Position position)
    {
        foreach (LinkedListNode<RecentBatch> node in channel.Recent)
        {
            RecentBatch batch = node.Value;
            if (batch.Epoch == position.Epoch && batch.FirstSeq <= position.Seq + 1 && position.Seq <= batch.LastSeq)
            {
                return position.Seq > 0;
            }
        }

        return false;
    }

    private void WaitForConnection(Membership member)
    {
        member.Phase = MembershipPhase.Draining;
        effects.NotifyWhenDrained(member);
    }

    private void Read(Membership member, LogReadKind kind, ulong epoch, ulong seq)
    {
        member.Phase = MembershipPhase.Reading;
        reads.CatchUp(member, kind, epoch, seq);
    }

    private void Joined(Membership member, Position from) => Joined(member, from, member.Channel.Cursor);

    private void Joined(Membership member, Position from, Position top)
    {
        member.IsJoined = true;
        member.Position = from;
        counters.Joins++;
        effects.Send(member.Session, ServerFrames.Joined(member.Correlation, member.Channel.Name, from, top));
    }

    private void Gap(Membership member, Position until, GapReason reason)
    {
        counters.Gaps++;
        effects.Send(member.Session, ServerFrames.Gap(member.Channel.Name, member.Position, until, reason));
        member.Position = until;
    }
}
