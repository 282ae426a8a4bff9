using System.Security.Cryptography;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// All publishes that are not settled: numbers them, keeps them within the window and the buffer, hands their bytes to
/// the connection's write loop, and settles them with what the relay answers. No socket of its own.
/// <para>A publish is <i>waiting</i> (no room), then <i>admitted</i>: numbered, encoded, and either held by its lane or
/// in the send queue; then <i>sent</i>; then settled. Losing the connection puts every admitted one back to its lane.</para>
/// </summary>
internal sealed class PublishLedger(RelayClientOptions options, WakeSignal wake)
{
    private readonly Lock _gate = new();
    private readonly PendingPublishPool _pool = new();
    private readonly ReconnectBackoff _refusalBackoff = new(options.ReconnectBackoffMin, options.ReconnectBackoffMax);
    private readonly PublishLanes _lanes = new();
    private readonly PublishRoom _room = new(options.PublishBufferBytesMax, options.PublishBacklogMessagesMax);
    private readonly Dictionary<ulong, PendingPublish> _unanswered = [];
    private readonly PublishSendQueue _sendQueue = new(wake);
    private PublishLimits _limits = PublishLimits.Initial;
    private ulong _lastNumber;
    private Exception? _failure;

    /// <summary>Names this client's messages, together with their numbers.</summary>
    public ulong ProducerId { get; } = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Largest payload, in bytes.</summary>
    public int PayloadBytesMax { get; private set; } = PublishLimits.Initial.PayloadBytesMax;

    /// <summary>Queues a publish that will be acked.</summary>
    public ValueTask<Position> Publish(
        string channel, string? text, ReadOnlyMemory<byte> payload, MessageKind kind, CancellationToken cancellationToken)
    {
        int payloadBytes = PublishPayload.Measure(text, payload.Span, kind);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Position>(cancellationToken);
        }

        PendingPublish pending = _pool.Rent();
        ValueTask<Position> answer = pending.Task;
        pending.CancelWith(this, cancellationToken);
        try
        {
            lock (_gate)
            {
                ClientFailure.ThrowIfAny(_failure);
                pending.Start(_lanes.ForPublish(channel, payloadBytes, _limits), text, payload, payloadBytes, kind, FrameFlags.AckWanted);
                Accept(pending);
            }
        }
        catch
        {
            pending.Abandon();
            throw;
        }

        return answer;
    }

    /// <summary>Queues a message that will not be acked; completes when it has room.</summary>
    public ValueTask Send(
        string channel, string? text, ReadOnlyMemory<byte> payload, MessageKind kind, bool ephemeral, CancellationToken cancellationToken)
    {
        int payloadBytes = PublishPayload.Measure(text, payload.Span, kind);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        FrameFlags flags = ephemeral ? FrameFlags.Ephemeral : FrameFlags.None;
        PendingPublish pending = _pool.Rent();
        lock (_gate)
        {
            ClientFailure.ThrowIfAny(_failure);
            pending.Start(_lanes.ForPublish(channel, payloadBytes, _limits), text, payload, payloadBytes, kind, flags);
            if (_room.IsFreeFor(pending))
            {
                Enter(pending);
                Admit(pending);
                return ValueTask.CompletedTask;
            }
        }

        ValueTask accepted = pending.PlainTask;
        pending.CancelWith(this, cancellationToken);
        lock (_gate)
        {
            Accept(pending);
        }

        return accepted;
    }

    /// <summary>Stops waiting for an answer. A message that was never sent is taken back; the others may be in the log.</summary>
    public void Cancel(PendingPublish pending, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (pending.Finished)
            {
                return;
            }

            pending.Finish(default, new OperationCanceledException(cancellationToken));
            if (pending.InLedger && !pending.EverSent)
            {
                Settle(pending);
                AdmitWaiting();
            }
        }
    }

    /// <summary>Opens a channel for publishing; it holds what is published until it is joined.</summary>
    public PublishLane AddLane(string channel)
    {
        lock (_gate)
        {
            return _lanes.Add(channel);
        }
    }

    /// <summary>Lets a lane's publishes out, or holds them back.</summary>
    public void SetJoined(PublishLane lane, bool joined)
    {
        lock (_gate)
        {
            lane.Joined = joined;
            _sendQueue.ReleaseIfOpen(lane);
        }
    }

    /// <summary>Takes no more publishes for a channel and completes when those it has are settled.</summary>
    public Task CloseLaneAsync(PublishLane lane)
    {
        lock (_gate)
        {
            lane.Closed = true;
            if (lane.Unsettled == 0)
            {
                return Task.CompletedTask;
            }

            lane.Settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return lane.Settled.Task;
        }
    }

    /// <summary>Ends a channel: what is not settled fails.</summary>
    public void RemoveLane(PublishLane lane, Exception failure)
    {
        lock (_gate)
        {
            _lanes.Remove(lane);
            FailLane(lane, failure);
            AdmitWaiting();
        }
    }

    /// <summary>A connection is up: its limits hold from here on.</summary>
    public void Connected(PublishLimits limits)
    {
        lock (_gate)
        {
            _limits = limits;
            PayloadBytesMax = limits.PayloadBytesMax;
            _room.MessagesMax = limits.WindowMessages;
            _sendQueue.WindowMessages = limits.WindowMessages;
            AdmitWaiting();
        }
    }

    /// <summary>The connection is gone: what is unanswered will be sent again, in order, when its channel is joined.</summary>
    public void Disconnected()
    {
        lock (_gate)
        {
            foreach (PublishLane lane in _lanes.All)
            {
                lane.Joined = false;
            }

            _sendQueue.Reset(_unanswered.Values.Where(p => p.Sent).OrderBy(p => p.Number));
        }
    }

    /// <summary>The client has ended: everything fails, now and later.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            foreach (PublishLane lane in _lanes.All)
            {
                lane.Stop();
                FailLane(lane, _failure);
            }
        }
    }

    /// <summary>Copies whole frames that may be sent now; returns the bytes written.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="needsBytes">When a frame did not fit: how many bytes it needs; else 0.</param>
    public int Fill(Span<byte> destination, out int needsBytes)
    {
        int written = 0;
        lock (_gate)
        {
            while (_sendQueue.TakeNext(destination.Length - written, out needsBytes) is { } pending)
            {
                pending.Frame.CopyTo(destination[written..]);
                written += pending.FrameBytes;
                NoteSent(pending);
            }
        }

        return written;
    }

    /// <summary>Settles what a PUB_ACK names. Numbers that wait for nothing are passed over: an ack may come twice.</summary>
    public void Acknowledge(in PubAckBody body)
    {
        if (body.ProducerId != ProducerId)
        {
            return;
        }

        lock (_gate)
        {
            foreach ((ulong number, ulong seq) in body)
            {
                if (!_unanswered.TryGetValue(number, out PendingPublish? pending) || !pending.Sent)
                {
                    continue;
                }

                Settle(pending);
                if (!pending.Finished)
                {
                    pending.Finish(body.Log with { Seq = seq }, error: null, reusable: true);
                }
            }

            AfterAnswers();
        }
    }

    /// <summary>Settles a refused publish, or keeps it to be tried again. False when it was a message without an ack.</summary>
    public bool Refuse(ulong number, ErrorCode code, string text, TimeSpan retryAfter)
    {
        lock (_gate)
        {
            if (!_unanswered.TryGetValue(number, out PendingPublish? pending) || !pending.Sent)
            {
                return false;
            }

            _sendQueue.NoteAnswered(pending);
            if (code.Family() == ErrorFamily.Retry
                && !pending.Finished
                && pending.Refusals.TryNext(options, _refusalBackoff, retryAfter, unbounded: false, out TimeSpan delay))
            {
                pending.Lane.Hold(pending);
                pending.Lane.BackOff(delay, options.TimeProvider, EndBackOff);
            }
            else
            {
                Settle(pending);
                if (!pending.Finished)
                {
                    pending.Finish(default, RelayException.Refused(code, text));
                }
            }

            AfterAnswers();
            return true;
        }
    }

    private void EndBackOff(PublishLane lane)
    {
        lock (_gate)
        {
            lane.EndBackOff();
            _sendQueue.ReleaseIfOpen(lane);
        }
    }

    private void NoteSent(PendingPublish pending)
    {
        if (pending.AckWanted)
        {
            _sendQueue.NoteSent(pending);
            return;
        }

        Settle(pending);
        if (!pending.Finished)
        {
            pending.Recycle();
        }

        AdmitWaiting();
    }

    private void AfterAnswers()
    {
        AdmitWaiting();
        _sendQueue.WakeIfAny();
    }

    private static void Enter(PendingPublish pending)
    {
        pending.InLedger = true;
        pending.Lane.Unsettled++;
    }

    private void Accept(PendingPublish pending)
    {
        // Cancelled between its registration and now.
        if (pending.Finished)
        {
            return;
        }

        if (_room.IsFreeFor(pending))
        {
            Enter(pending);
            Admit(pending);
        }
        else if (_room.TryWait(pending))
        {
            Enter(pending);
        }
        else
        {
            pending.Finish(default, new RelayException(
                ErrorCode.Overloaded,
                $"{options.PublishBacklogMessagesMax} publishes wait already: await them, or raise PublishBacklogMessagesMax"));
        }
    }

    private void Admit(PendingPublish pending)
    {
        pending.Encode(ProducerId, ++_lastNumber);
        _room.Enter(pending);
        if (pending.AckWanted)
        {
            _unanswered.Add(pending.Number, pending);
        }

        _sendQueue.Add(pending);
    }

    private void AdmitWaiting()
    {
        while (_room.TakeNext() is { } pending)
        {
            Admit(pending);
            if (!pending.AckWanted)
            {
                // Its promise was room, which it has now; its bytes stay in the queue.
                pending.Finish(default, error: null);
            }
        }
    }

    private void Settle(PendingPublish pending)
    {
        pending.Settled = true;
        _sendQueue.NoteAnswered(pending);
        _room.Leave(pending);
        _unanswered.Remove(pending.Number);
        if (--pending.Lane.Unsettled == 0)
        {
            pending.Lane.Settled?.TrySetResult();
        }
    }

    private void FailLane(PublishLane lane, Exception failure)
    {
        _sendQueue.Release(lane);
        PendingPublish[] unsettled =
        [
            .. _unanswered.Values.Concat(_room.Waiting).Concat(_sendQueue.Queued).Where(p => p.Lane == lane && !p.Settled).Distinct(),
        ];
        foreach (PendingPublish pending in unsettled)
        {
            Settle(pending);
            if (!pending.Finished)
            {
                pending.Finish(default, failure);
            }
        }
    }
}
