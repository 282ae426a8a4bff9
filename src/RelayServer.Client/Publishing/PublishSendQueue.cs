namespace RelayServer.Client;

/// <summary>
/// Admitted publishes on their way to the socket: in order per channel, within the window of the connection. Guarded
/// by the ledger's lock.
/// </summary>
internal sealed class PublishSendQueue(WakeSignal wake)
{
    private readonly Queue<PendingPublish> _queue = new();
    private int _sentUnanswered;

    /// <summary>Most publishes that may be sent and unanswered.</summary>
    public int WindowMessages { get; set; } = 1;

    /// <summary>What is queued, for a search.</summary>
    public IEnumerable<PendingPublish> Queued => _queue;

    /// <summary>Forgets what is queued and settled.</summary>
    public void DropSettled()
    {
        for (int left = _queue.Count; left > 0; left--)
        {
            PendingPublish pending = _queue.Dequeue();
            if (!pending.Settled)
            {
                _queue.Enqueue(pending);
            }
        }
    }

    /// <summary>Queues a publish, or lets its lane keep it.</summary>
    public void Add(PendingPublish pending)
    {
        if (!pending.Lane.CanSend)
        {
            pending.Lane.Hold(pending);
            return;
        }

        _queue.Enqueue(pending);
        if (_queue.Count == 1)
        {
            wake.Set();
        }
    }

    /// <summary>Queues what a lane has kept, if it may be sent now.</summary>
    public void ReleaseIfOpen(PublishLane lane)
    {
        if (lane.CanSend)
        {
            lane.Release(_queue);
            wake.Set();
        }
    }

    /// <summary>Queues what a lane has kept, whether it may be sent or not.</summary>
    public void Release(PublishLane lane) => lane.Release(_queue);

    /// <summary>Takes the next frame that may be sent and that fits.</summary>
    /// <param name="roomBytes">Room for it.</param>
    /// <param name="needsBytes">When the next one does not fit: how many bytes it needs; else 0.</param>
    public PendingPublish? TakeNext(int roomBytes, out int needsBytes)
    {
        needsBytes = 0;
        while (_queue.TryPeek(out PendingPublish? pending))
        {
            if (pending.Settled)
            {
                _queue.Dequeue();
            }
            else if (!pending.Lane.CanSend)
            {
                pending.Lane.Hold(_queue.Dequeue());
            }
            else if (pending.AckWanted && _sentUnanswered >= WindowMessages)
            {
                return null;
            }
            else if (pending.FrameBytes > roomBytes)
            {
                needsBytes = pending.FrameBytes;
                return null;
            }
            else
            {
                return _queue.Dequeue();
            }
        }

        return null;
    }

    /// <summary>Notes that a publish with ack was written.</summary>
    public void NoteSent(PendingPublish pending)
    {
        pending.Sent = true;
        pending.EverSent = true;
        _sentUnanswered++;
    }

    /// <summary>Notes that a sent publish has its answer, or waits for none any more.</summary>
    public void NoteAnswered(PendingPublish pending)
    {
        if (pending.Sent)
        {
            pending.Sent = false;
            _sentUnanswered--;
        }
    }

    /// <summary>Room in the window may have come back: lets the write loop look.</summary>
    public void WakeIfAny()
    {
        if (_queue.Count > 0)
        {
            wake.Set();
        }
    }

    /// <summary>The connection is gone: everything goes back to its lane.</summary>
    /// <param name="sent">What was written and is in no queue.</param>
    public void Reset(IEnumerable<PendingPublish> sent)
    {
        foreach (PendingPublish pending in sent)
        {
            pending.Sent = false;
            pending.Lane.Hold(pending);
        }

        while (_queue.TryDequeue(out PendingPublish? pending))
        {
            pending.Lane.Hold(pending);
        }

        _sentUnanswered = 0;
    }
}
