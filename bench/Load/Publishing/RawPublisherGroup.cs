using System.Collections.Concurrent;
using System.Net;
using RelayServer.Bench.Load.Native;
using RelayServer.Bench.Measurement;

namespace RelayServer.Bench.Load.Publishing;

/// <summary>Publishers on bare frames, all on one thread: the cheapest way to make load.</summary>
internal sealed class RawPublisherGroup : IPublisherGroup
{
    private const int TimerNumber = -1;
    private const int WaitMilliseconds = 20;
    private const int RetryMilliseconds = 1;
    private const int BufferBytes = 64 * 1024;

    private readonly RawPublisher[] _publishers;
    private readonly Func<long> _delivered;
    private readonly IReadOnlyList<byte[]> _tokens;
    private readonly Poller _poller = new();
    private readonly ScheduleTimer _timer = new();
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private PublishPlan? _plan;
    private long _answerDeadlineNanoseconds = long.MaxValue;
    private int _first;
    private long _sent;
    private long _acked;
    private long _refused;
    private volatile bool _stopping;

    /// <summary>Connects publishers to edges in turn.</summary>
    /// <param name="publishers">How many.</param>
    /// <param name="edges">Where to.</param>
    /// <param name="tokens">With what; they take turns too.</param>
    /// <param name="channel">What they join and publish to.</param>
    /// <param name="payloadBytes">Payload of each message.</param>
    /// <param name="delivered">Says how many messages the members have received on average.</param>
    public RawPublisherGroup(
        int publishers,
        IReadOnlyList<IPEndPoint> edges,
        IReadOnlyList<byte[]> tokens,
        byte[] channel,
        int payloadBytes,
        Func<long> delivered)
    {
        _delivered = delivered;
        _tokens = tokens;
        _publishers = new RawPublisher[publishers];
        for (int i = 0; i < publishers; i++)
        {
            _publishers[i] = new RawPublisher(i, RawSocket.Connect(edges[i % edges.Count], source: null), channel, payloadBytes);
        }

        _thread = new Thread(Run) { Name = "publishers", IsBackground = true };
    }

    /// <inheritdoc />
    public int WindowMessagesMax => _publishers.Min(publisher => publisher.Limits.PublishWindowMessages);

    /// <inheritdoc />
    public PublishTotals Totals => new(Volatile.Read(ref _sent), Volatile.Read(ref _acked), Volatile.Read(ref _refused));

    /// <inheritdoc />
    public ThreadUsage? Usage { get; } = new();

    /// <inheritdoc />
    public IReadOnlyCollection<string> Problems => _problems;

    /// <inheritdoc />
    public IReadOnlyList<Ack> Acks => [.. _publishers.SelectMany(publisher => publisher.Acks)];

    /// <inheritdoc />
    public Task ConnectAsync(CancellationToken cancellationToken)
    {
        _poller.Add(_timer.Descriptor, TimerNumber);
        for (int i = 0; i < _publishers.Length; i++)
        {
            _publishers[i].SignIn(_tokens[i % _tokens.Count], Clock.NowNanoseconds);
            _poller.Add(_publishers[i].Socket.Descriptor, i);
        }

        _thread.Start();
        return _joined.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public void Start(PublishPlan plan)
    {
        Volatile.Write(ref _plan, plan);
        _timer.Set(plan.StartNanoseconds);
    }

    /// <inheritdoc />
    public async Task CompleteAsync(TimeSpan answerTimeout)
    {
        long end = Volatile.Read(ref _plan)?.EndNanoseconds ?? Clock.NowNanoseconds;
        Volatile.Write(ref _answerDeadlineNanoseconds, end + Clock.ToNanoseconds(answerTimeout.TotalSeconds));
        await _completed.Task;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _stopping = true;
        if (_thread.ThreadState != ThreadState.Unstarted)
        {
            _thread.Join();
        }

        foreach (RawPublisher publisher in _publishers)
        {
            publisher.Dispose();
        }

        _timer.Dispose();
        _poller.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Run()
    {
        Usage!.Attach();
        byte[] buffer = new byte[BufferBytes];
        while (!_stopping)
        {
            int ready = _poller.Wait(Array.Exists(_publishers, publisher => publisher.HasUnsent) ? RetryMilliseconds : WaitMilliseconds);
            for (int i = 0; i < ready; i++)
            {
                Take(_poller.Ready(i), buffer);
            }

            long now = Clock.NowNanoseconds;
            PublishPlan? plan = Volatile.Read(ref _plan);
            Publish(plan, now);
            Report(plan, now);
            if (Array.Find(_publishers, publisher => publisher.Failure is not null) is { } failed)
            {
                Fail(failed.Failure!);
                break;
            }
        }

        Usage.Detach();
    }

    private void Publish(PublishPlan? plan, long nowNanoseconds)
    {
        PublishTotals totals = Totals;
        long room = plan?.RoomMessages(totals.Sent - totals.Refused - _delivered()) ?? 0;

        // Publishers take turns in being first, for when there is no room for all.
        _first = (_first + 1) % _publishers.Length;
        for (int i = 0; i < _publishers.Length; i++)
        {
            RawPublisher publisher = _publishers[(_first + i) % _publishers.Length];
            publisher.Flush(nowNanoseconds);
            if (plan is not null)
            {
                room -= publisher.Publish(plan, room, nowNanoseconds);
            }
        }
    }

    private void Take(int number, byte[] buffer)
    {
        if (number == TimerNumber)
        {
            _timer.Acknowledge();
        }
        else
        {
            _publishers[number].Receive(buffer);
        }
    }

    private void Report(PublishPlan? plan, long nowNanoseconds)
    {
        if (!_joined.Task.IsCompleted && Array.TrueForAll(_publishers, publisher => publisher.Joined))
        {
            _joined.TrySetResult();
        }

        long sent = 0;
        long acked = 0;
        long refused = 0;
        foreach (RawPublisher publisher in _publishers)
        {
            sent += publisher.Sent;
            acked += publisher.Acked;
            refused += publisher.Refused;
        }

        Volatile.Write(ref _sent, sent);
        Volatile.Write(ref _acked, acked);
        Volatile.Write(ref _refused, refused);
        if (plan is null)
        {
            return;
        }

        bool over = nowNanoseconds >= plan.EndNanoseconds;
        if (over && (Totals.Unanswered == 0 || nowNanoseconds >= Volatile.Read(ref _answerDeadlineNanoseconds)))
        {
            if (_completed.TrySetResult() && Array.Find(_publishers, publisher => publisher.Refusal is not null) is { } refuser)
            {
                _problems.Enqueue($"a publish was refused: {refuser.Refusal}");
            }
        }
        else if (!over)
        {
            _timer.Set(plan.WakeNanoseconds(Array.ConvertAll(_publishers, publisher => publisher.Totals), nowNanoseconds));
        }
    }

    private void Fail(string problem)
    {
        _problems.Enqueue($"publisher: {problem}");
        _joined.TrySetException(new IOException($"A publisher could not join: {problem}."));
        _completed.TrySetResult();
    }
}
