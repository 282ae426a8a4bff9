using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// Where a member stands: in one log at a time. The log of its partition ends at a split or merge with a GAP that moves
/// it to the next one.
/// </summary>
internal sealed class MemberCursor : DeliveryCursor
{
    private Position _have;
    private bool _started;

    public MemberCursor(JoinFrom from)
        : base(from) => _have = from.Start == JoinStart.Resume ? from.Position : default;

    /// <summary>The last position taken; what a resume asks to go on after.</summary>
    public Position Have => _have;

    public override JoinFrom NextJoin => _started ? JoinFrom.After(_have) : From;

    public override Position Joined(Position from)
    {
        // The relay says where we start, unless we have asked to go on after a position: then it answers that, and a GAP
        // follows where it cannot.
        if (NextJoin is not { Start: JoinStart.Resume, Position: var asked } || asked == Position.Start)
        {
            _have = from;
        }

        _started = true;
        return _have;
    }

    public override ulong SeqIn(Position log) => log.IsInLogOf(_have) ? _have.Seq : 0;

    public override DeliveryVerdict Check(Position first, int count)
    {
        if (count == 0)
        {
            return DeliveryVerdict.Duplicate;
        }

        return first.IsInLogOf(_have) ? CheckAfter(_have, first, count) : DeliveryVerdict.Hole;
    }

    public override DeliveryVerdict CheckGap(Position after, Position until, GapReason reason)
    {
        // The history that we know is void: whatever the relay says now is the truth.
        if (reason == GapReason.HistoryDiverged)
        {
            return DeliveryVerdict.New;
        }

        if (until.IsInLogOf(_have))
        {
            return CheckGapAfter(_have, after, until);
        }

        // To another log: only from the end of what we have.
        return after.IsInLogOf(_have) && after.Seq <= _have.Seq ? DeliveryVerdict.New : DeliveryVerdict.Hole;
    }

    public override void Take(Position last, bool endsLog) => _have = last;

    public override void TakeGap(Position after, Position until, GapReason reason) => _have = until;
}
