using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// Where one membership stands in its logs, and what that makes of what arrives: new, had already, or a hole. Pure:
/// no clock, no thread, no socket.
/// </summary>
internal abstract class DeliveryCursor(JoinFrom from)
{
    public JoinFrom From { get; } = from;

    /// <summary>What the next JOIN has to ask for.</summary>
    public abstract JoinFrom NextJoin { get; }

    /// <summary>A cursor for a membership that begins so.</summary>
    public static DeliveryCursor For(JoinFrom from) => from.IsObserver ? new ObserverCursor(from) : new MemberCursor(from);

    /// <summary>Notes a JOINED, and says where delivery starts.</summary>
    public abstract Position Joined(Position from);

    /// <summary>The last seq taken of the log that a position is in; 0 when there is none.</summary>
    public abstract ulong SeqIn(Position log);

    /// <summary>Judges a batch without taking it.</summary>
    public abstract DeliveryVerdict Check(Position first, int count);

    /// <summary>Judges a GAP without taking it.</summary>
    public abstract DeliveryVerdict CheckGap(Position after, Position until, GapReason reason);

    /// <summary>Moves to the end of a batch that was judged new.</summary>
    /// <param name="last">The position of its last message.</param>
    /// <param name="endsLog">The log ends there, with a split or merge.</param>
    public abstract void Take(Position last, bool endsLog);

    /// <summary>Moves over a GAP that was judged new.</summary>
    public abstract void TakeGap(Position after, Position until, GapReason reason);

    /// <summary>Judges a batch by the position that one has in its log.</summary>
    protected static DeliveryVerdict CheckAfter(Position have, Position first, int count)
    {
        ulong last = first.Seq + (ulong)count - 1;
        if (last <= have.Seq)
        {
            return DeliveryVerdict.Duplicate;
        }

        return first.Seq > have.Seq + 1 || first.Epoch < have.Epoch ? DeliveryVerdict.Hole : DeliveryVerdict.New;
    }

    /// <summary>Judges a GAP within the log that one has a position in.</summary>
    protected static DeliveryVerdict CheckGapAfter(Position have, Position after, Position until)
    {
        if (until.Seq <= have.Seq && until.Epoch <= have.Epoch)
        {
            return DeliveryVerdict.Duplicate;
        }

        // The notice itself must follow on what we have.
        return after.Seq > have.Seq ? DeliveryVerdict.Hole : DeliveryVerdict.New;
    }
}
