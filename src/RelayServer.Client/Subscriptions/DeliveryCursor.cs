using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// Where one membership stands in its log, and what that makes of what arrives: new, had already, or a hole. Pure:
/// no clock, no thread, no socket.
/// </summary>
internal sealed class DeliveryCursor
{
    private Position _have;
    private bool _started;

    public DeliveryCursor(JoinFrom from)
    {
        From = from;
        _have = from.Start == JoinStart.Resume ? from.Position : default;
    }

    public JoinFrom From { get; }

    /// <summary>The last position taken; what a resume asks to go on after.</summary>
    public Position Have => _have;

    /// <summary>What the next JOIN has to ask for.</summary>
    public JoinFrom NextJoin => _started ? JoinFrom.After(_have) : From;

    /// <summary>Notes a JOINED. Only the first may say where we start; later ones answer our own position.</summary>
    public void Joined(Position from)
    {
        bool startIsTheRelays = From.Start != JoinStart.Resume || From.Position == Position.Start;
        if (!_started && startIsTheRelays)
        {
            _have = from;
        }

        _started = true;
    }

    /// <summary>Judges a batch without taking it.</summary>
    public DeliveryVerdict Check(Position first, int count)
    {
        if (count == 0)
        {
            return DeliveryVerdict.Duplicate;
        }

        ulong last = first.Seq + (ulong)count - 1;
        bool sameLog = first.Generation == _have.Generation && first.Partition == _have.Partition;

        // Nothing was ever logged where we stand: the first batch names the log.
        bool emptyLog = _have.Seq == 0 && first.Seq == 1;
        if (sameLog && last <= _have.Seq)
        {
            return DeliveryVerdict.Duplicate;
        }

        if ((!sameLog && !emptyLog) || first.Seq > _have.Seq + 1 || first.Epoch < _have.Epoch)
        {
            return DeliveryVerdict.Hole;
        }

        return DeliveryVerdict.New;
    }

    /// <summary>Judges a GAP without taking it.</summary>
    public DeliveryVerdict CheckGap(Position after, Position until, GapReason reason)
    {
        // The history that we know is void: whatever the relay says now is the truth.
        if (reason == GapReason.HistoryDiverged)
        {
            return DeliveryVerdict.New;
        }

        bool sameLog = until.Generation == _have.Generation && until.Partition == _have.Partition;
        if (sameLog && until.Seq <= _have.Seq && until.Epoch <= _have.Epoch)
        {
            return DeliveryVerdict.Duplicate;
        }

        // The notice itself must follow on what we have.
        return sameLog && after.Seq > _have.Seq ? DeliveryVerdict.Hole : DeliveryVerdict.New;
    }

    /// <summary>Moves to the end of something that was judged new.</summary>
    public void Take(Position last) => _have = last;
}
