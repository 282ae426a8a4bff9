using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// Where an observer stands: one position for each partition. A partition that it hears of for the first time begins
/// where the relay says. A log has ended with its split message, or with a GAP that moves on from it.
/// </summary>
internal sealed class ObserverCursor : DeliveryCursor
{
    private readonly Dictionary<(ulong Generation, uint Partition), (Position Have, bool HasEnded)> _logs = [];
    private bool _started;

    // Generations before this one are done with.
    private ulong _oldestGeneration;

    public ObserverCursor(JoinFrom from)
        : base(from)
    {
        foreach (Position position in from.Positions ?? [])
        {
            Set(position);
        }
    }

    /// <summary>
    /// The position in each partition of one generation, the oldest one that is not done with: the relay leads from there
    /// to the others, and what is there already is known.
    /// </summary>
    public IReadOnlyList<Position> Positions
    {
        get
        {
            ulong generation = OldestOpenGeneration();
            return
            [
                .. _logs.Values.Select(log => log.Have).Where(have => have.Generation == generation)
                    .OrderBy(have => have.Partition).Take(ProtocolLimits.PartitionsMax),
            ];
        }
    }

    public override JoinFrom NextJoin => _started ? JoinFrom.ObserveAfter(Positions) : From;

    public override Position Joined(Position from)
    {
        if (_logs.Count == 0)
        {
            // One that observes after a member's position has that one.
            Set(From.Start == JoinStart.Resume && From.Position != Position.Start ? From.Position : from);
        }

        _started = true;
        return _logs.TryGetValue(LogOf(from), out var log) ? log.Have : Positions[0];
    }

    public override ulong SeqIn(Position log) => _logs.TryGetValue(LogOf(log), out var known) ? known.Have.Seq : 0;

    public override DeliveryVerdict Check(Position first, int count)
    {
        if (count == 0 || IsDone(first))
        {
            return DeliveryVerdict.Duplicate;
        }

        return _logs.TryGetValue(LogOf(first), out var log) ? CheckAfter(log.Have, first, count) : DeliveryVerdict.New;
    }

    public override DeliveryVerdict CheckGap(Position after, Position until, GapReason reason)
    {
        if (reason == GapReason.HistoryDiverged)
        {
            return DeliveryVerdict.New;
        }

        bool isKnown = _logs.TryGetValue(LogOf(until), out var there);
        if (after.IsInLogOf(until))
        {
            if (reason == GapReason.Moved && isKnown && there.Have == after)
            {
                // Right after JOINED: the history that was asked for begins further back.
                return DeliveryVerdict.New;
            }

            return IsDone(until) ? DeliveryVerdict.Duplicate
                : isKnown ? CheckGapAfter(there.Have, after, until)
                : DeliveryVerdict.New;
        }

        // To another log: only from the end of what we have, and at a split into many of them from the same end.
        bool isLeaving = _logs.TryGetValue(LogOf(after), out var left) && !left.HasEnded;
        if (isLeaving && after.Seq > left.Have.Seq)
        {
            return DeliveryVerdict.Hole;
        }

        bool ends = isLeaving && until.Generation > after.Generation;
        bool isThere = IsDone(until) || (isKnown && there.Have.Seq >= until.Seq);
        return isThere && !ends ? DeliveryVerdict.Duplicate : DeliveryVerdict.New;
    }

    public override void Take(Position last, bool endsLog)
    {
        Set(last, endsLog);
        Prune();
    }

    public override void TakeGap(Position after, Position until, GapReason reason)
    {
        if (until.Generation > after.Generation)
        {
            // What was trimmed, in one partition or the other, is before the new beginning.
            foreach ((Position have, _) in _logs.Values.ToArray())
            {
                if (reason == GapReason.Moved ? have.IsInLogOf(after) : have.Generation < until.Generation)
                {
                    Set(have, hasEnded: true);
                }
            }
        }

        bool beginsFurtherBack = reason == GapReason.Moved && after.IsInLogOf(until) && _logs.TryGetValue(LogOf(until), out var there) && there.Have == after;
        if (reason == GapReason.HistoryDiverged || beginsFurtherBack || (!IsDone(until) && SeqIn(until) <= until.Seq))
        {
            Set(until);
        }

        Prune();
    }

    private static (ulong Generation, uint Partition) LogOf(Position position) => (position.Generation, position.Partition);

    private void Set(Position have, bool hasEnded = false) => _logs[LogOf(have)] = (have, hasEnded);

    private bool IsDone(Position log) =>
        log.Generation < _oldestGeneration || (_logs.TryGetValue(LogOf(log), out var known) && known.HasEnded);

    private ulong OldestOpenGeneration()
    {
        IEnumerable<ulong> open = _logs.Values.Where(log => !log.HasEnded).Select(log => log.Have.Generation).DefaultIfEmpty(ulong.MaxValue);
        return Math.Min(open.Min(), _logs.Keys.Max(log => log.Generation));
    }

    private void Prune()
    {
        if (!_logs.Values.Any(log => log.HasEnded))
        {
            return;
        }

        _oldestGeneration = Math.Max(_oldestGeneration, OldestOpenGeneration());
        foreach ((ulong Generation, uint Partition) log in _logs.Keys.Where(log => log.Generation < _oldestGeneration).ToArray())
        {
            _logs.Remove(log);
        }
    }
}
