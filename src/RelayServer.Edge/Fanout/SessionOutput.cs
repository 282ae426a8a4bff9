using RelayServer.Edge.Transport;

namespace RelayServer.Edge.Fanout;

/// <summary>
/// What goes out to one connection, in order. Belongs to its shard's thread. In the good case a send is one call into
/// the kernel; what the kernel does not take waits here by reference, up to a bound in bytes.
/// </summary>
internal sealed class SessionOutput(IOutboundSink sink, FanoutShard shard, int outboundBytesMax)
{
    /// <summary>What may wait for a connection while memory is short, in bytes.</summary>
    public const int ShortOutboundBytesMax = 32 * 1024;

    /// <summary>A frame that waits counts as this many bytes at least: what it takes besides its bytes is bounded, too.</summary>
    public const int WaitingFrameBytesMin = 128;

    private PendingSend? _head;
    private Queue<PendingSend>? _rest;
    private Action? _drained;
    private bool _isArmed;
    private bool _isCompleted;

    public FanoutShard Shard => shard;

    public int PendingBytes
    {
        get;
        private set
        {
            int before = field;
            field = value;
            shard.PendingChanged(this, value - before);
        }
    }

    /// <summary>Window of <see cref="FanoutPressure"/> in which it last got something live.</summary>
    public uint ActiveWindow { get; set; }

    /// <summary>Window of <see cref="FanoutPressure"/> in which it fell behind; 0 when it is not.</summary>
    public uint BehindWindow { get; set; }

    /// <summary>Nothing is taken any more: the connection is ending or has ended.</summary>
    public bool IsClosed { get; private set; }

    public long SentAtMilliseconds { get; set; }

    /// <summary>When the closing began; 0 before.</summary>
    public long ClosedAtMilliseconds { get; private set; }

    /// <summary>Place in the shard's list of sessions; -1 when it is in none.</summary>
    public int ShardIndex { get; set; } = -1;

    /// <summary>Sends, or keeps for later; false when the bound is reached and the connection must be closed.</summary>
    public bool Send(SharedFrame frame, bool isDroppable)
    {
        if (IsClosed)
        {
            return true;
        }

        int sent = 0;
        if (PendingBytes == 0)
        {
            sent = sink.TrySend(frame.Span);
            if (sent == frame.Length)
            {
                return true;
            }

            if (sent < 0)
            {
                Drop();
                return true;
            }
        }
        else if (!HasRoomFor(frame))
        {
            // Ephemeral traffic goes first; for the rest there is no room to lie about.
            return isDroppable;
        }

        Keep(frame, sent);
        return true;
    }

    /// <summary>
    /// Writes a CLOSE and takes nothing more. Without <paramref name="keepPending"/>, frames that have not begun to go
    /// out are dropped.
    /// </summary>
    public void Close(SharedFrame close, bool keepPending, long nowMilliseconds)
    {
        if (IsClosed)
        {
            return;
        }

        if (!keepPending)
        {
            DropUnsent();
        }

        IsClosed = true;
        ClosedAtMilliseconds = nowMilliseconds;
        int sent = PendingBytes == 0 ? sink.TrySend(close.Span) : 0;
        if (sent < 0)
        {
            Drop();
        }
        else if (sent == close.Length)
        {
            Complete();
        }
        else
        {
            Keep(close, sent);
        }
    }

    /// <summary>Takes nothing more and ends the stream once what waits has gone out.</summary>
    public void End(long nowMilliseconds)
    {
        if (!IsClosed)
        {
            IsClosed = true;
            ClosedAtMilliseconds = nowMilliseconds;
            if (PendingBytes == 0)
            {
                Complete();
            }
        }
    }

    /// <summary>Calls back, on the shard's thread, once nothing waits; at once when that is so now.</summary>
    public void WhenDrained(Action callback)
    {
        if (PendingBytes == 0)
        {
            callback();
        }
        else
        {
            // More than one: a session may catch up in several channels at once.
            _drained += callback;
        }
    }

    /// <summary>The wait for the kernel has ended with <paramref name="sent"/> bytes taken: goes on with what is pending.</summary>
    public void Continue(int sent)
    {
        _isArmed = false;
        while (sent > 0 && _head is not null)
        {
            Took(sent);
            sent = _head is { } head ? sink.TrySend(head.Memory.Span) : 0;
        }

        if (sent < 0)
        {
            Drop();
        }
        else if (_head is not null)
        {
            Arm();
        }
        else
        {
            if (IsClosed)
            {
                Complete();
            }

            NotifyDrained();
        }
    }

    /// <summary>The connection is gone: frees what waits.</summary>
    public void Drop()
    {
        IsClosed = true;
        _head?.Frame.Release();
        _head = null;
        while (_rest is not null && _rest.TryDequeue(out PendingSend pending))
        {
            pending.Frame.Release();
        }

        PendingBytes = 0;
        NotifyDrained();
    }

    public void Abort() => sink.Abort();

    private bool HasRoomFor(SharedFrame frame)
    {
        int bytesMax = shard.IsShortOfMemory ? Math.Min(outboundBytesMax, ShortOutboundBytesMax) : outboundBytesMax;
        return PendingBytes + frame.Length <= bytesMax && (_rest?.Count ?? 0) <= bytesMax / WaitingFrameBytesMin;
    }

    private void NotifyDrained()
    {
        Action? drained = _drained;
        _drained = null;
        drained?.Invoke();
    }

    private void Complete()
    {
        if (!_isCompleted)
        {
            _isCompleted = true;
            sink.Complete();
        }
    }

    private void Keep(SharedFrame frame, int offset)
    {
        var pending = new PendingSend(frame.AddReference(), offset, frame.Length);
        PendingBytes += pending.Bytes;
        if (_head is null)
        {
            _head = pending;
            Arm();
        }
        else
        {
            // Most connections never have anything waiting: the queue comes with the first that has.
            _rest ??= new Queue<PendingSend>(2);
            _rest.Enqueue(pending);
        }
    }

    private void Took(int bytes)
    {
        PendingSend head = _head!.Value;
        PendingBytes -= bytes;
        if (bytes < head.Bytes)
        {
            _head = head with { Offset = head.Offset + bytes };
            return;
        }

        head.Frame.Release();
        _head = _rest is not null && _rest.TryDequeue(out PendingSend next) ? next : null;
    }

    private void Arm()
    {
        if (!_isArmed)
        {
            _isArmed = true;
            PendingSend head = _head!.Value;

            // The wait holds the bytes itself: they must outlive a Drop that comes meanwhile.
            shard.ContinueWhenSent(this, head.Frame.AddReference(), sink.SendAsync(head.Memory));
        }
    }

    private void DropUnsent()
    {
        while (_rest is not null && _rest.TryDequeue(out PendingSend pending))
        {
            pending.Frame.Release();
        }

        // A wait under way may send all of the head: then it stays whole.
        if (_head is { } head && !_isArmed)
        {
            _head = head.UpToFrameEnd();
            if (_head is null)
            {
                head.Frame.Release();
            }
        }

        PendingBytes = _head?.Bytes ?? 0;
    }
}
