using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>
/// Takes what arrives for joined channels, in the task that receives: judges it by the member's cursor and puts it into the
/// member's queue.
/// </summary>
internal sealed class DeliveryIntake(RelayClientOptions options, Memberships memberships, ulong ownProducerId)
{
    /// <summary>Takes a DELIVER. Not complete while the channel's queue is full.</summary>
    public ValueTask TakeDeliverAsync(bool ephemeral, ReadOnlySpan<byte> bytes, CancellationToken cancellationToken)
    {
        if (DeliverBody.TryDecode(bytes, out DeliverBody body) != DecodeStatus.Ok || ephemeral != (body.First.Seq == 0))
        {
            throw new ProtocolFaultException("a DELIVER from the server is malformed");
        }

        Membership? member = memberships.FindTaking(body.Channel);
        if (member is null)
        {
            return ValueTask.CompletedTask;
        }

        DeliveryVerdict verdict = ephemeral ? DeliveryVerdict.New : member.Cursor.Check(body.First, body.Count);
        if (verdict == DeliveryVerdict.Duplicate)
        {
            return ValueTask.CompletedTask;
        }

        ThrowIfHole(verdict, member, body.First);
        var batch = new DeliveredBatch
        {
            Channel = member.Channel,
            Body = bytes.ToArray(),
            First = body.First,
            Last = body.Last,
            EndsLog = EndsLog(member, body),
            SkipThroughSeq = member.Cursor.SeqIn(body.First),
            AtMilliseconds = body.AtMilliseconds,
            OwnProducerId = ownProducerId,
        };
        if (ephemeral)
        {
            // Not logged, so not worth holding the connection up for: when the reader is behind it is dropped.
            member.Queue.TryEnqueue(batch);
            return ValueTask.CompletedTask;
        }

        if (member.Queue.TryEnqueue(batch))
        {
            member.Cursor.Take(batch.Last, batch.EndsLog);
            return ValueTask.CompletedTask;
        }

        return EnqueueWhenReadAsync(member, batch, cancellationToken);
    }

    /// <summary>Takes a GAP. Not complete while the channel's queue is full.</summary>
    public ValueTask TakeGapAsync(in GapBody body, CancellationToken cancellationToken)
    {
        Membership? member = memberships.FindTaking(body.Channel);
        if (member is null)
        {
            return ValueTask.CompletedTask;
        }

        DeliveryVerdict verdict = member.Cursor.CheckGap(body.After, body.Until, body.Reason);
        ThrowIfHole(verdict, member, body.After);
        if (verdict == DeliveryVerdict.Duplicate)
        {
            return ValueTask.CompletedTask;
        }

        RelayEvent gap = body.Reason == GapReason.Moved
            ? new RelayMoved(member.Channel, body.After, body.Until)
            : new RelayGap(member.Channel, body.After, body.Until, body.Reason);
        if (member.Queue.TryEnqueue(gap))
        {
            member.Cursor.TakeGap(body.After, body.Until, body.Reason);
            return ValueTask.CompletedTask;
        }

        return EnqueueGapWhenReadAsync(member, gap, body.After, body.Until, body.Reason, cancellationToken);
    }

    /// <summary>Takes a ROOM: the state of a joined room, which replaces the one before.</summary>
    public void TakeRoom(in StatusBody body, int bodyBytes)
    {
        if (memberships.FindTaking(body.Channel) is { } member && RoomStatus.From(body) is { } status)
        {
            member.Status = status;
            member.Queue.TryEnqueue(new RelayRoomState(member.Channel, status, bodyBytes));
        }
    }

    /// <summary>Takes a COUNTS: how many members there are now.</summary>
    public void TakeCounts(in CountsBody body)
    {
        if (memberships.FindTaking(body.Channel) is { } member)
        {
            var counts = new RelayCounts(member.Channel, body);
            member.Counts = counts;
            member.Queue.TryEnqueue(counts);
        }
    }

    /// <summary>Takes a REACTIONS: what came since the last one.</summary>
    public void TakeReactions(in ReactionsBody body)
    {
        if (memberships.FindTaking(body.Channel) is { } member)
        {
            member.Queue.TryEnqueue(new RelayReactions(member.Channel, body));
        }
    }

    /// <summary>Takes a SERVICE: one that the room or inbox has to do with has come or gone.</summary>
    public void TakeService(in ServiceBody body)
    {
        if (memberships.FindTaking(body.Channel) is { } member)
        {
            member.Queue.TryEnqueue(new RelayServiceChange(member.Channel, body));
        }
    }

    // Whoever reads one log at a time is moved by the GAP that follows; of several, each is done with when it ends.
    private static bool EndsLog(Membership member, in DeliverBody body)
    {
        if (!member.Cursor.From.IsObserver)
        {
            return false;
        }

        bool ends = false;
        foreach (DeliverMessage message in body)
        {
            ends = message.Kind == MessageKind.Split
                && SplitNotice.Decode(message.Payload) is { } notice && notice.To.Generation > body.First.Generation;
        }

        return ends;
    }

    private static void ThrowIfHole(DeliveryVerdict verdict, Membership member, Position next)
    {
        if (verdict == DeliveryVerdict.Hole)
        {
            throw new ProtocolFaultException(
                $"'{member.Channel}' went on at {next} after seq {member.Cursor.SeqIn(next)} of that log, without a gap notice");
        }
    }

    private async ValueTask EnqueueWhenReadAsync(Membership member, DeliveredBatch batch, CancellationToken cancellationToken)
    {
        if (await WaitUntilFitsAsync(member, batch, cancellationToken).ConfigureAwait(false))
        {
            member.Queue.TryEnqueue(batch);
            member.Cursor.Take(batch.Last, batch.EndsLog);
        }
    }

    private async ValueTask EnqueueGapWhenReadAsync(
        Membership member, RelayEvent gap, Position after, Position until, GapReason reason, CancellationToken cancellationToken)
    {
        if (await WaitUntilFitsAsync(member, gap, cancellationToken).ConfigureAwait(false))
        {
            member.Queue.TryEnqueue(gap);
            member.Cursor.TakeGap(after, until, reason);
        }
    }

    // False when the reader has stalled for too long: the item will be fetched again.
    private async ValueTask<bool> WaitUntilFitsAsync(Membership member, object item, CancellationToken cancellationToken)
    {
        try
        {
            await member.Queue.WhenFitsAsync(item).WaitAsync(options.ConsumerStallTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            memberships.PassOver(member);
            return false;
        }
    }
}
