using System.Net;
using RelayServer.Bench.Load.Native;
using RelayServer.Bench.Measurement;
using RelayServer.Client;

namespace RelayServer.Bench.Load.Publishing;

/// <summary>Publishers that use the client library; one thread keeps the schedule of all of them.</summary>
internal sealed class ClientPublisherGroup : IPublisherGroup
{
    private const int WaitMilliseconds = 20;

    private readonly ClientPublisher[] _publishers;
    private readonly Func<long> _delivered;
    private readonly Poller _poller = new();
    private readonly ScheduleTimer _timer = new();
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private PublishPlan? _plan;
    private long _answerDeadlineNanoseconds = long.MaxValue;
    private int _first;
    private volatile bool _stopping;

    /// <summary>Makes publishers for edges in turn.</summary>
    /// <inheritdoc cref="RawPublisherGroup(int, IReadOnlyList{IPEndPoint}, IReadOnlyList{byte[]}, byte[], int, Func{long})"/>
    public ClientPublisherGroup(
        int publishers,
        IReadOnlyList<IPEndPoint> edges,
        IReadOnlyList<byte[]> tokens,
        byte[] channel,
        int payloadBytes,
        Func<long> delivered)
    {
        _delivered = delivered;
        _publishers = new ClientPublisher[publishers];
        for (int i = 0; i < publishers; i++)
        {
            IPEndPoint edge = edges[i % edges.Count];
            _publishers[i] = new ClientPublisher(
                i,
                new RelayEndpoint(edge.Address.ToString(), edge.Port),
                System.Text.Encoding.ASCII.GetString(tokens[i % tokens.Count]),
                System.Text.Encoding.ASCII.GetString(channel),
                payloadBytes);
        }

        _thread = new Thread(Run) { Name = "publishers", IsBackground = true };
    }

    /// <summary>The client keeps within the relay's window by itself.</summary>
    public int WindowMessagesMax => int.MaxValue;

    /// <inheritdoc />
    public PublishTotals Totals
    {
        get
        {
            var total = default(PublishTotals);
            foreach (ClientPublisher publisher in _publishers)
            {
                PublishTotals one = publisher.Totals;
                total = new PublishTotals(total.Sent + one.Sent, total.Acked + one.Acked, total.Refused + one.Refused);
            }

            return total;
        }
    }

    /// <summary>Not known: the client's work is done by the thread pool.</summary>
    public ThreadUsage? Usage => null;

    /// <inheritdoc />
    public IReadOnlyCollection<string> Problems =>
        [.. _publishers.Where(publisher => publisher.Refusal is not null).Take(1).Select(publisher => $"a publish was refused: {publisher.Refusal}")];

    /// <inheritdoc />
    public IReadOnlyList<Ack> Acks => [.. _publishers.SelectMany(publisher => publisher.Acks)];

    /// <inheritdoc />
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_publishers.Select(publisher => publisher.ConnectAsync(cancellationToken)));
        }
        catch (RelayException refusal)
        {
            throw new BenchException($"A publisher could not join: {refusal.Message}", refusal);
        }
    }

    /// <inheritdoc />
    public void Start(PublishPlan plan)
    {
        _plan = plan;
        _poller.Add(_timer.Descriptor, 0);
        _timer.Set(plan.StartNanoseconds);
        _thread.Start();
    }

    /// <inheritdoc />
    public Task CompleteAsync(TimeSpan answerTimeout)
    {
        Volatile.Write(ref _answerDeadlineNanoseconds, _plan!.EndNanoseconds + Clock.ToNanoseconds(answerTimeout.TotalSeconds));
        return _completed.Task;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        if (_thread.ThreadState != ThreadState.Unstarted)
        {
            _thread.Join();
        }

        foreach (ClientPublisher publisher in _publishers)
        {
            await publisher.DisposeAsync();
        }

        _timer.Dispose();
        _poller.Dispose();
    }

    private void Run()
    {
        PublishPlan plan = _plan!;
        while (!_stopping && !_completed.Task.IsCompleted)
        {
            if (_poller.Wait(WaitMilliseconds) > 0)
            {
                _timer.Acknowledge();
            }

            long now = Clock.NowNanoseconds;
            PublishTotals totals = Totals;
            if (now < plan.EndNanoseconds)
            {
                Publish(plan, plan.RoomMessages(totals.Sent - totals.Refused - _delivered()), now);
                _timer.Set(plan.WakeNanoseconds(Array.ConvertAll(_publishers, publisher => publisher.Totals), now));
            }
            else if (totals.Unanswered == 0 || now >= Volatile.Read(ref _answerDeadlineNanoseconds))
            {
                _completed.TrySetResult();
            }
        }
    }

    private void Publish(PublishPlan plan, long room, long nowNanoseconds)
    {
        // Publishers take turns in being first, for when there is no room for all.
        _first = (_first + 1) % _publishers.Length;
        for (int i = 0; i < _publishers.Length; i++)
        {
            room -= _publishers[(_first + i) % _publishers.Length].Publish(plan, room, nowNanoseconds);
        }
    }
}
