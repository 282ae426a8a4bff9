using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// Where an observer stands: one position for each partition. A partition that it hears of for the first time begins
/// where the relay says; one that has ended is never taken up again.
/// </summary>
internal sealed class ObserverCursor : DeliveryCursor
{
    // Logs that have ended are remembered for as many generations as a room keeps.
    private const ulong EndedGenerations = 32;

    private readonly Dictionary<(ulong Generation, uint Partition), Position> _open = [];
    private readonly HashSet<(ulong Generation, uint Partition)> _ended = [];
    private bool _started;

    public ObserverCursor(JoinFrom from)
        : base(from)
    {
        foreach (Position position in from.Positions ?? [])
        {
            _open[LogOf(position)] = position;
        }
    }

    /// <summary>The position in each partition, the oldest generation first; bounded by what a JOIN takes.</summary>
    public IReadOnlyList<Position> Positions =>
        [.. _open.Values.OrderBy(position => position.Generation).ThenBy(position => position.Partition).Take(ProtocolLimits.PartitionsMax)];

    public override JoinFrom NextJoin => _started ? JoinFrom.ObserveAfter(Positions) : From;

    public override Position Joined(Position from)
    {
        if (!_started)
        {
            // One that resumes as an observer for the first time after a member's position has that one.
            Position first = From is { Start: JoinStart.Resume, Positions: null } && From.Position != Position.Start ? From.Position : from;
            if (_open.Count == 0)
            {
                _open[LogOf(first)] = first;
            }
        }

        _started = true;
        return _open.TryGetValue(LogOf(from), out Position have) ? have : Positions[0];
    }

    public override ulong SeqIn(Position log) => _open.TryGetValue(LogOf(log), out Position have) ? have.Seq : 0;

    public override DeliveryVerdict Check(Position first, int count)
    {
        if (count == 0 || _ended.Contains(LogOf(first)))
        {
            return DeliveryVerdict.Duplicate;
        }

        return _open.TryGetValue(LogOf(first), out Position have) ? CheckAfter(have, first, count) : DeliveryVerdict.New;
    }

    public override DeliveryVerdict CheckGap(Position after, Position until, GapReason reason)
    {
        if (reason == GapReason.HistoryDiverged)
        {
            return DeliveryVerdict.New;
        }

        if (after.IsInLogOf(until))
        {
            return _ended.Contains(LogOf(until)) ? DeliveryVerdict.Duplicate
                : _open.TryGetValue(LogOf(until), out Position have) ? CheckGapAfter(have, after, until)
                : DeliveryVerdict.New;
        }

        // To another log: only from the end of what we have, and at a split many of them from the same end.
        if (_open.TryGetValue(LogOf(after), out Position old) && after.Seq > old.Seq)
        {
            return DeliveryVerdict.Hole;
        }

        bool isThere = _ended.Contains(LogOf(until)) || (_open.TryGetValue(LogOf(until), out Position own) && own.Seq >= until.Seq);
        return isThere && !Ends(after, until) ? DeliveryVerdict.Duplicate : DeliveryVerdict.New;
    }

    public override void Take(Position last) => _open[LogOf(last)] = last;

    public override void TakeGap(Position after, Position until, GapReason reason)
    {
        if (Ends(after, until))
        {
            _open.Remove(LogOf(after));
            _ended.Add(LogOf(after));
            _ended.RemoveWhere(log => log.Generation + EndedGenerations < until.Generation);
        }

        if (_ended.Contains(LogOf(until)))
        {
            return;
        }

        if (reason == GapReason.HistoryDiverged || SeqIn(until) <= until.Seq)
        {
            _open[LogOf(until)] = until;
        }
    }

    private static (ulong Generation, uint Partition) LogOf(Position position) => (position.Generation, position.Partition);

    // Within a generation a move only names one more partition.
    private bool Ends(Position after, Position until) => until.Generation > after.Generation && !_ended.Contains(LogOf(after));
}
