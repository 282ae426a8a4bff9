using System.Security.Cryptography;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// All publishes that are not settled: numbers them, keeps them within the window and the buffer, hands their bytes to
/// the connection's write loop, and settles them with what the relay answers. No socket of its own.
/// <para>A publish is <i>waiting</i> (no room), then <i>admitted</i>: numbered, encoded, and either held by its lane or
/// in the send queue; then <i>sent</i>; then settled. Losing the connection puts every admitted one back to its lane.</para>
/// </summary>
internal sealed partial class PublishLedger
{
    private readonly Lock _gate = new();
    private readonly PendingPublishPool _pool = new();
    private readonly RelayClientOptions _options;
    private readonly ReconnectBackoff _refusalBackoff;
    private readonly PublishQueues _queues;
    private readonly PublishAdmission _admission;
    private PublishLimits _limits;
    private Exception? _failure;

    public PublishLedger(RelayClientOptions options, WakeSignal wake)
    {
        _options = options;
        _limits = PublishLimits.Initial with { HasServices = options.HasServices };
        ProducerId = options.ProducerId ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _refusalBackoff = new ReconnectBackoff(options.ReconnectBackoffMin, options.ReconnectBackoffMax);
        _queues = new PublishQueues(options, wake);
        _admission = new PublishAdmission(options, _queues, ProducerId);
    }

    /// <summary>Names this client's messages, together with their numbers.</summary>
    public ulong ProducerId { get; }

    /// <summary>Largest payload, in bytes.</summary>
    public int PayloadBytesMax { get; private set; } = PublishLimits.Initial.PayloadBytesMax;

    /// <summary>Queues a publish that will be acked.</summary>
    public ValueTask<Position> Publish(in PublishRequest request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Position>(cancellationToken);
        }

        PendingPublish pending = _pool.Rent();
        ValueTask<Position> answer = pending.Task;
        Accept(pending, request, cancellationToken);
        return answer;
    }

    /// <summary>Queues a message that will not be acked; completes when it has room.</summary>
    public ValueTask Send(in PublishRequest request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        PendingPublish pending = _pool.Rent();
        lock (_gate)
        {
            Start(pending, request);
            if (_queues.Room.IsFreeFor(pending))
            {
                pending.EnterLedger();
                _admission.Admit(pending);
                return ValueTask.CompletedTask;
            }
        }

        ValueTask accepted = pending.PlainTask;
        Accept(pending, request, cancellationToken);
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
                _admission.Settle(pending);
                _queues.NoteTakenBack();
                _admission.AdmitWaiting();
            }
        }
    }

    /// <summary>Opens a channel for publishing; it holds what is published until it is joined.</summary>
    public PublishLane AddLane(string channel)
    {
        lock (_gate)
        {
            return _queues.Lanes.Add(channel);
        }
    }

    /// <summary>Lets a lane's publishes out, or holds them back.</summary>
    public void SetJoined(PublishLane lane, bool joined)
    {
        lock (_gate)
        {
            lane.Joined = joined;
            _queues.Sending.ReleaseIfOpen(lane);
        }
    }

    /// <summary>
    /// Takes no more publishes for a channel and completes when those it has are settled. When the wait is cancelled the
    /// channel takes publishes again, unless somebody else waits, too.
    /// </summary>
    public async Task CloseLaneAsync(PublishLane lane, CancellationToken cancellationToken)
    {
        Task settled = Task.CompletedTask;
        lock (_gate)
        {
            lane.Leaving++;
            if (lane.Unsettled > 0)
            {
                lane.Settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                settled = lane.Settled.Task;
            }
        }

        try
        {
            await settled.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                lane.Leaving--;
            }

            throw;
        }
    }

    /// <summary>Ends a channel: what is not settled fails.</summary>
    public void RemoveLane(PublishLane lane, Exception failure)
    {
        lock (_gate)
        {
            _queues.Lanes.Remove(lane);
            FailLane(lane, failure);
            _queues.DropSettled();
            _admission.AdmitWaiting();
        }
    }

    /// <summary>A connection is up: its limits hold from here on, and what needs no membership goes out.</summary>
    public void Connected(PublishLimits limits)
    {
        lock (_gate)
        {
            _limits = limits;
            PayloadBytesMax = limits.PayloadBytesMax;
            _queues.Room.MessagesMax = limits.WindowMessages;
            _queues.Sending.WindowMessages = limits.WindowMessages;
            _queues.Lanes.ControlsAreOpen = limits.HasRooms;
            FailUpdatesUnless(limits.HasServices);
            foreach (PublishLane lane in _queues.Lanes.OfControls.ToArray())
            {
                if (!limits.HasRooms)
                {
                    FailLane(lane, MissingCapability.Rooms());
                }

                lane.Joined = limits.HasRooms;
                _queues.Sending.ReleaseIfOpen(lane);
            }

            _admission.AdmitWaiting();
        }
    }

    /// <summary>The connection is gone: what is unanswered will be sent again, in order, when its channel is joined.</summary>
    public void Disconnected()
    {
        lock (_gate)
        {
            _queues.Lanes.ControlsAreOpen = false;
            _queues.Reset();
        }
    }

    /// <summary>The client has ended: everything fails, now and later.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            foreach (PublishLane lane in _queues.Lanes.All.ToArray())
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
            while (_queues.Sending.TakeNext(destination.Length - written, out needsBytes) is { } pending)
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
                if (_queues.TryGetSent(number, out PendingPublish? pending))
                {
                    Answer(pending, body.Log with { Seq = seq }, error: null, reusable: true);
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
            if (!_queues.TryGetSent(number, out PendingPublish? pending))
            {
                return false;
            }

            _queues.Sending.NoteAnswered(pending);
            if (IsWorthTryingAgain(code, retryAfter)
                && !pending.Finished
                && pending.Refusals.TryNext(_options, _refusalBackoff, retryAfter, unbounded: false, out TimeSpan delay))
            {
                pending.Lane.Hold(pending);
                pending.Lane.BackOff(delay, _options.TimeProvider, EndBackOff);
            }
            else
            {
                Answer(pending, default, RelayException.Refused(code, text, retryAfter));
            }

            AfterAnswers();
            return true;
        }
    }

    // What may not be tried again within the time for that is for the caller to know now.
    private bool IsWorthTryingAgain(ErrorCode code, TimeSpan retryAfter) =>
        code.Family() == ErrorFamily.Retry
        && retryAfter <= _options.RefusalRetryTimeout
        && (code != ErrorCode.SlowMode || _options.RetryInSlowMode);

    private void EndBackOff(PublishLane lane)
    {
        lock (_gate)
        {
            lane.EndBackOff();
            _queues.Sending.ReleaseIfOpen(lane);
        }
    }

    private void NoteSent(PendingPublish pending)
    {
        if (pending.AckWanted)
        {
            _queues.Sending.NoteSent(pending);
            return;
        }

        _admission.Settle(pending);
        if (!pending.Finished)
        {
            pending.Recycle();
        }

        _admission.AdmitWaiting();
    }

    private void AfterAnswers()
    {
        _admission.AdmitWaiting();
        _queues.Sending.WakeIfAny();
    }

    private void Start(PendingPublish pending, in PublishRequest request)
    {
        ClientFailure.ThrowIfAny(_failure);
        pending.Start(_queues.Lanes.ForPublish(request, _limits), request);
        _admission.Claim(pending);
    }

    // The cancellation is registered outside of the lock, which its callback takes.
    private void Accept(PendingPublish pending, in PublishRequest request, CancellationToken cancellationToken)
    {
        pending.CancelWith(this, cancellationToken);
        try
        {
            lock (_gate)
            {
                Start(pending, request);
                _admission.Take(pending);
            }
        }
        catch
        {
            pending.Abandon();
            throw;
        }
    }

    private void Answer(PendingPublish pending, Position position, Exception? error, bool reusable = false)
    {
        _admission.Settle(pending);
        if (!pending.Finished)
        {
            pending.Finish(position, error, reusable);
        }
    }

    private void FailLane(PublishLane lane, Exception failure)
    {
        foreach (PendingPublish pending in _queues.UnsettledOf(lane))
        {
            Answer(pending, default, failure);
        }
    }
}
