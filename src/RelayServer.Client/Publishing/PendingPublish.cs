using System.Buffers;
using System.Text;
using System.Threading.Tasks.Sources;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// One publish from the call until its answer: the caller's awaitable, the encoded frame (kept to be sent again) and
/// its place in the ledger. Objects are reused once they were acked and awaited, so a publish allocates nothing.
/// Everything but the awaitable's own members is guarded by the ledger's lock.
/// </summary>
internal sealed class PendingPublish(PendingPublishPool pool)
    : IValueTaskSource<Position>, IValueTaskSource, IThreadPoolWorkItem
{
    // Frames above this go back to the shared pool, so that a few large messages do not pin memory.
    private const int KeptFrameBytesMax = 2048;

    private ManualResetValueTaskSourceCore<Position> _core;
    private CancellationTokenRegistration _registration;
    private bool _cancellable;
    private bool _reusable;
    private Position _position;
    private Exception? _error;
    private string? _text;
    private ReadOnlyMemory<byte> _payload;
    private byte[] _frame = [];

    public PublishLane Lane { get; private set; } = null!;

    public MessageKind Kind { get; private set; }

    public FrameFlags Flags { get; private set; }

    public bool AckWanted => (Flags & FrameFlags.AckWanted) != 0;

    public int PayloadBytes { get; private set; }

    public ulong Number { get; private set; }

    /// <summary>The encoded frame, from admission on.</summary>
    public ReadOnlySpan<byte> Frame => _frame.AsSpan(0, FrameBytes);

    public int FrameBytes { get; private set; }

    /// <summary>The number that the caller chose; null for the next one.</summary>
    public ulong? GivenNumber { get; private set; }

    /// <summary>Most bytes that the frame will take; what the buffer bound counts.</summary>
    public int FrameBytesMax =>
        FrameHeader.SizeBytes + PublishBody.OverheadBytesMax + Lane.ChannelUtf8.Length + PayloadBytes;

    /// <summary>The caller has its answer.</summary>
    public bool Finished { get; private set; }

    /// <summary>Written to the present connection and not answered by it.</summary>
    public bool Sent { get; set; }

    /// <summary>Written to any connection: nobody but the relay knows whether it is in the log.</summary>
    public bool EverSent { get; set; }

    /// <summary>The ledger has it: waiting or admitted.</summary>
    public bool InLedger { get; private set; }

    /// <summary>The ledger is done with it; wherever it still stands in a queue it is passed over.</summary>
    public bool Settled { get; set; }

    /// <summary>Refusals for now; a field, because counting changes it in place.</summary>
    public RefusalSeries Refusals;

    public ValueTask<Position> Task => new(this, _core.Version);

    public ValueTask PlainTask => new(this, _core.Version);

    public void Start(PublishLane lane, in PublishRequest request)
    {
        Lane = lane;
        _text = request.Text;
        _payload = request.Payload;
        PayloadBytes = request.PayloadBytes;
        Kind = request.Kind;
        Flags = request.Flags;
        GivenNumber = request.Number;
    }

    /// <summary>Cancels the wait, not the message, when the token is cancelled. Before the ledger knows the publish.</summary>
    public void CancelWith(PublishLedger ledger, CancellationToken cancellationToken)
    {
        _cancellable = cancellationToken.CanBeCanceled;
        if (_cancellable)
        {
            _registration = cancellationToken.UnsafeRegister(
                static (state, token) =>
                {
                    var (owner, pending) = ((PublishLedger, PendingPublish))state!;
                    owner.Cancel(pending, token);
                },
                (ledger, this));
        }
    }

    /// <summary>Undoes <see cref="CancelWith"/> for a publish that was refused at the call.</summary>
    public void Abandon() => _registration.Unregister();

    /// <summary>The ledger takes it: from here on its lane waits for it to be settled.</summary>
    public void EnterLedger()
    {
        InLedger = true;
        Lane.Unsettled++;
    }

    /// <summary>Gives the message its number and its bytes.</summary>
    public void Encode(ulong producerId, ulong number)
    {
        Number = number;
        int capacity = FrameBytesMax;
        if (_frame.Length < capacity)
        {
            ReturnFrame();
            _frame = ArrayPool<byte>.Shared.Rent(capacity);
        }

        ReadOnlySpan<byte> payload = _payload.Span;
        if (_text is not null)
        {
            // UTF-8 goes to the end of the buffer and is moved into place by the encoder: what it writes before the
            // payload never reaches that far.
            Span<byte> tail = _frame.AsSpan(capacity - PayloadBytes, PayloadBytes);
            Encoding.UTF8.GetBytes(_text, tail);
            payload = tail;
        }

        var body = new PublishBody
        {
            Channel = Lane.ChannelUtf8,
            ProducerId = producerId,
            Number = number,
            Kind = Kind,
            Payload = payload,
        };
        if (!body.TryEncode(_frame.AsSpan(FrameHeader.SizeBytes, capacity - FrameHeader.SizeBytes), out int bodyBytes))
        {
            throw new InvalidOperationException("a publish does not fit the size computed for it");
        }

        new FrameHeader((uint)bodyBytes, FrameType.Publish, Flags, 0).Write(_frame);
        FrameBytes = FrameHeader.SizeBytes + bodyBytes;
        _text = null;
        _payload = default;
    }

    /// <summary>
    /// Answers the caller, on the thread pool: its continuation must not run on the connection's read loop.
    /// <paramref name="reusable"/> says that no queue refers to the object any more.
    /// </summary>
    public void Finish(Position position, Exception? error, bool reusable = false)
    {
        Finished = true;
        _position = position;
        _error = error;
        _text = null;
        _payload = default;
        _reusable = reusable;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        // A cancellation that is running at this moment still refers to this object: it must not become another publish.
        _reusable &= !_cancellable || _registration.Unregister();
        if (_error is null)
        {
            _core.SetResult(_position);
        }
        else
        {
            _core.SetException(_error);
        }
    }

    Position IValueTaskSource<Position>.GetResult(short token)
    {
        bool reusable = _reusable;
        Position position = _core.GetResult(token);
        if (reusable)
        {
            Recycle();
        }

        return position;
    }

    void IValueTaskSource.GetResult(short token) => ((IValueTaskSource<Position>)this).GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Position>.GetStatus(short token) => _core.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<Position>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Makes the object ready for another publish and gives it back.</summary>
    public void Recycle()
    {
        if (_frame.Length > KeptFrameBytesMax)
        {
            ReturnFrame();
        }

        _core.Reset();
        _registration = default;
        _cancellable = false;
        _reusable = false;
        _error = null;
        Finished = false;
        Sent = false;
        EverSent = false;
        InLedger = false;
        Settled = false;
        Refusals = default;
        Number = 0;
        GivenNumber = null;
        FrameBytes = 0;
        pool.Return(this);
    }

    private void ReturnFrame()
    {
        if (_frame.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_frame);
            _frame = [];
        }
    }
}
