namespace RelayServer.Client;

/// <summary>
/// How many publishes, and how many of their bytes, may be under way; and those that wait for room, first come first
/// served. Guarded by the ledger's lock.
/// </summary>
internal sealed class PublishRoom(int bytesMax, int waitingMax)
{
    private readonly Queue<PendingPublish> _waiting = new();
    private int _settledWaiting;
    private long _bytes;
    private int _messages;

    /// <summary>Most publishes with ack.</summary>
    public int MessagesMax { get; set; } = 1;

    public IEnumerable<PendingPublish> Waiting => _waiting;

    /// <summary>True when this one may be admitted now, without overtaking another.</summary>
    public bool IsFreeFor(PendingPublish pending) => _waiting.Count == 0 && Fits(pending);

    /// <summary>Lets one wait; false when too many do.</summary>
    public bool TryWait(PendingPublish pending)
    {
        if (_waiting.Count - _settledWaiting >= waitingMax)
        {
            return false;
        }

        _waiting.Enqueue(pending);
        return true;
    }

    /// <summary>The next that waited and now has room; null when there is none.</summary>
    public PendingPublish? TakeNext()
    {
        while (_waiting.TryPeek(out PendingPublish? pending))
        {
            if (!pending.Settled && !Fits(pending))
            {
                return null;
            }

            _waiting.Dequeue();
            if (!pending.Settled)
            {
                return pending;
            }

            _settledWaiting--;
        }

        return null;
    }

    /// <summary>Forgets what waited and is settled.</summary>
    public void DropSettled()
    {
        for (int left = _waiting.Count; left > 0; left--)
        {
            PendingPublish pending = _waiting.Dequeue();
            if (!pending.Settled)
            {
                _waiting.Enqueue(pending);
            }
        }

        _settledWaiting = 0;
    }

    /// <summary>Takes the room of an encoded publish.</summary>
    public void Enter(PendingPublish pending)
    {
        _bytes += pending.FrameBytes;
        _messages += pending.AckWanted ? 1 : 0;
    }

    /// <summary>Gives the room of a publish back. One that still waited has none; its place is taken away later.</summary>
    public void Leave(PendingPublish pending)
    {
        if (pending.FrameBytes == 0)
        {
            _settledWaiting++;
            return;
        }

        _bytes -= pending.FrameBytes;
        _messages -= pending.AckWanted ? 1 : 0;
    }

    // One of any size is taken when nothing else is there: else it would wait for ever.
    private bool Fits(PendingPublish pending) =>
        (!pending.AckWanted || _messages < MessagesMax) && (_bytes == 0 || _bytes + pending.FrameBytesMax <= bytesMax);
}
