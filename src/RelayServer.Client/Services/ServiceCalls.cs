using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Client.Services;

/// <summary>
/// Has commands done: some at a time, each once however often it is asked for, and answers them while somebody waits. Owns the tasks
/// that do them.
/// </summary>
internal sealed class ServiceCalls(
    RelayClientOptions options,
    Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> handler,
    Action<int, byte[]> answer,
    Action<RelayServiceFailure> report) : IDisposable
{
    /// <summary>Commands that may wait for others; one more fails.</summary>
    public const int WaitingMax = 4096;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, PendingCall> _pending = new(StringComparer.Ordinal);
    private readonly Queue<PendingCall> _waiting = new();
    private readonly HashSet<Task> _workers = [];
    private readonly CallMemory _memory = new(options.TimeProvider);
    private readonly TimeProvider _time = options.TimeProvider;

    /// <summary>Takes a CALL; returns soon.</summary>
    /// <param name="body">The CALL.</param>
    /// <param name="connection">Which connection it came over: the answer goes back over the same one, or not at all.</param>
    public void Take(in CallBody body, int connection)
    {
        string key = Encoding.UTF8.GetString(body.Key);
        long deadline = _time.GetTimestamp() + (long)(body.DeadlineMilliseconds / 1000.0 * _time.TimestampFrequency);
        CallOutcome? outcome;
        lock (_gate)
        {
            outcome = _memory.Find(key);
            if (outcome is null && !TryBegin(key, body, connection, deadline))
            {
                outcome = CallOutcome.Failed;
            }
        }

        if (outcome is not null)
        {
            answer(connection, outcome.Encode(body.Ticket));
        }
    }

    /// <summary>Ends the handlers, and waits for them for as long as an end may take.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] workers;
        lock (_gate)
        {
            _waiting.Clear();
            workers = [.. _workers];
        }

        // A handler that does not heed its token must not hold up the end of the service.
        await Task.WhenAny(Task.WhenAll(workers), Task.Delay(options.CloseTimeout, _time)).ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();

    // False when too many wait.
    private bool TryBegin(string key, in CallBody body, int connection, long deadline)
    {
        if (_pending.TryGetValue(key, out PendingCall? call))
        {
            call.Add(body.Ticket, connection, deadline);
            return true;
        }

        if (_waiting.Count >= WaitingMax || _stop.IsCancellationRequested)
        {
            return false;
        }

        call = new PendingCall(Read(key, body), deadline);
        call.Add(body.Ticket, connection, deadline);
        _pending.Add(key, call);
        _waiting.Enqueue(call);
        if (_workers.Count < options.ServiceCallsMax)
        {
            StartWorker();
        }

        return true;
    }

    // The worker takes the lock before it ends, and so finds itself in the list.
    private void StartWorker()
    {
        Task? worker = null;
        worker = Task.Run(async () =>
        {
            while (Next(() => _workers.Remove(worker!)) is { } call)
            {
                await DoAsync(call).ConfigureAwait(false);
            }
        });
        _workers.Add(worker);
    }

    private PendingCall? Next(Action none)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out PendingCall? call))
            {
                return call;
            }

            none();
            return null;
        }
    }

    private ServiceCommand Read(string key, in CallBody body) => new()
    {
        Verb = Encoding.UTF8.GetString(body.Verb),
        Arguments = CardEncoding.ReadTexts(body.Arguments),
        Subject = Encoding.UTF8.GetString(body.Subject),
        Room = body.Channel.IsEmpty ? null : Encoding.UTF8.GetString(body.Channel),
        Item = body.Item.IsEmpty ? null : Encoding.UTF8.GetString(body.Item),
        Key = key,
        Locale = Encoding.UTF8.GetString(body.Locale),
        Deadline = _time.GetUtcNow() + TimeSpan.FromMilliseconds(body.DeadlineMilliseconds),
        Attempt = body.Attempt,
    };

    private async Task DoAsync(PendingCall call)
    {
        CallOutcome? outcome = await TryAsync(call).ConfigureAwait(false);
        (ulong Ticket, int Connection)[] askers = [];
        lock (_gate)
        {
            _pending.Remove(call.Command.Key);
            if (outcome is not null)
            {
                _memory.Add(call.Command.Key, outcome);
                askers = Remaining(call) > TimeSpan.Zero ? [.. call.Askers] : [];
            }
        }

        foreach ((ulong ticket, int connection) in askers)
        {
            answer(connection, outcome!.Encode(ticket));
        }
    }

    // Null when the time was over before there was an outcome.
    private async Task<CallOutcome?> TryAsync(PendingCall call)
    {
        TimeSpan remaining = Remaining(call);
        if (remaining <= TimeSpan.Zero || _stop.IsCancellationRequested)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(remaining, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, timeout.Token);
        ServiceCommand command = call.Command;
        try
        {
            return Judge(command, await handler(command, linked.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The handler's code: whatever it throws, its text may tell what only its own log may.
            report(new RelayServiceFailure(command.Verb, command.Key, command.Attempt, e.GetType().FullName ?? nameof(Exception)));
            return CallOutcome.Failed;
        }
    }

    private CallOutcome Judge(ServiceCommand command, ServiceResult? result)
    {
        try
        {
            return CallOutcome.Of(result);
        }
        catch (ArgumentException e)
        {
            report(new RelayServiceFailure(command.Verb, command.Key, command.Attempt, e.Message));
            return CallOutcome.Failed;
        }
    }

    private TimeSpan Remaining(PendingCall call)
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            return call.Deadline <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, call.Deadline);
        }
    }
}
