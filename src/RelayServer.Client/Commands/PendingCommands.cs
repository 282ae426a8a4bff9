using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// The commands that are not answered yet. Each has a number under which it is done once, so it is given again to every new
/// connection, and after a refusal for now, until its time is over. Lock order: this one, then that of the memberships.
/// </summary>
internal sealed class PendingCommands(RelayClientOptions options, ControlQueue control, Memberships memberships)
{
    /// <summary>Most commands of one session that the relay takes before it has answered; further ones wait here.</summary>
    public const int UnansweredMax = 16;

    /// <summary>Most commands that may wait here.</summary>
    public const int WaitingMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingCommand> _pending = [];
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly ReconnectBackoff _backoff = new(options.ReconnectBackoffMin, options.ReconnectBackoffMax);
    private int _unanswered;
    private bool _connected;
    private bool _hasServices = options.HasServices;
    private Exception? _failure;

    /// <summary>Gives a command and waits for its answer.</summary>
    /// <exception cref="RelayException">Refused, or not answered in time.</exception>
    public async Task<RelayCommandResult> AskAsync(PendingCommand command, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.CommandTimeout, options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        RelayException? lastRefusal = null;
        try
        {
            await EnterAsync(linked.Token).ConfigureAwait(false);
            try
            {
                for (int refusals = 0; ; refusals++)
                {
                    try
                    {
                        return await AskOnceAsync(command, linked.Token).ConfigureAwait(false);
                    }
                    catch (QueryRefusedException e)
                    {
                        lastRefusal = RelayException.Refused(e.Code, e.Message, e.RetryAfter);
                        if (!IsWorthTryingAgain(e))
                        {
                            throw lastRefusal;
                        }

                        await Task.Delay(_backoff.Next(refusals, e.RetryAfter), options.TimeProvider, linked.Token).ConfigureAwait(false);
                    }
                }
            }
            finally
            {
                Exit();
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw lastRefusal ?? new RelayException(
                ErrorCode.Unavailable,
                $"the command was not answered within {options.CommandTimeout.TotalSeconds:0.###} s; whether it was done is not known", e);
        }
    }

    /// <summary>A connection is up: gives everything again that has no answer.</summary>
    public void Connected(bool hasServices)
    {
        lock (_gate)
        {
            _connected = true;
            _hasServices = hasServices;
            foreach (PendingCommand command in _pending.Values)
            {
                command.IsSent = false;
                Send(command);
            }
        }
    }

    public void Disconnected()
    {
        lock (_gate)
        {
            _connected = false;
        }
    }

    /// <summary>The client has ended.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            foreach (PendingCommand command in _pending.Values)
            {
                command.Answer.TrySetException(ClientFailure.Copy(failure));
            }

            while (_waiting.TryDequeue(out TaskCompletionSource? waiting))
            {
                waiting.TrySetException(ClientFailure.Copy(failure));
            }
        }
    }

    /// <summary>A channel is joined, or will not be: what waited for that goes out.</summary>
    public void SendHeld()
    {
        lock (_gate)
        {
            foreach (PendingCommand command in _pending.Values)
            {
                if (!command.IsSent)
                {
                    Send(command);
                }
            }
        }
    }

    /// <summary>Takes a RESULT; false when it is of no command.</summary>
    public bool TakeResult(uint correlation, in ResultBody body)
    {
        if (correlation != ControlQueue.CommandCorrelation)
        {
            return false;
        }

        Find(body.Number)?.Answer.TrySetResult(RelayCommandResult.From(body));
        return true;
    }

    /// <summary>Takes the refusal of a command; one that nobody waits for any more is passed over.</summary>
    public void TakeRefusal(ulong number, ErrorCode code, string text, TimeSpan retryAfter) =>
        Find(number)?.Answer.TrySetException(new QueryRefusedException(code, text, retryAfter));

    // That a service is away, slow or has failed is for the caller to know: it asks again if it likes, under another number.
    private bool IsWorthTryingAgain(QueryRefusedException refusal) =>
        refusal.Code.Family() == ErrorFamily.Retry
        && refusal.Code is not (ErrorCode.ServiceUnavailable or ErrorCode.ServiceTimeout or ErrorCode.InternalError)
        && (refusal.Code != ErrorCode.SlowMode || options.RetryInSlowMode);

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource? turn = null;
        lock (_gate)
        {
            ClientFailure.ThrowIfAny(_failure);
            if (_unanswered < UnansweredMax)
            {
                _unanswered++;
                return;
            }

            if (_waiting.Count >= WaitingMax)
            {
                throw new RelayException(ErrorCode.Overloaded, $"{WaitingMax} commands wait already: await them");
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        using CancellationTokenRegistration cancelled =
            cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn);
        await turn.Task.ConfigureAwait(false);
    }

    // Whoever waits longest has the place; who has given up is passed over.
    private void Exit()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out TaskCompletionSource? waiting))
            {
                if (waiting.TrySetResult())
                {
                    return;
                }
            }

            _unanswered--;
        }
    }

    private async Task<RelayCommandResult> AskOnceAsync(PendingCommand command, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ClientFailure.ThrowIfAny(_failure);
            command.Answer = PendingCommand.NewAnswer();
            command.IsSent = false;
            _pending.Add(command.Number, command);
            Send(command);
        }

        try
        {
            return await command.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _pending.Remove(command.Number);
            }
        }
    }

    private void Send(PendingCommand command)
    {
        if (!_hasServices)
        {
            command.Answer.TrySetException(MissingCapability.Services());
        }
        else if (_connected && (command.Room is not { } room || !memberships.IsBeingJoined(room)))
        {
            command.IsSent = true;
            control.WriteCommand(command.Type, command.Body);
        }
    }

    private PendingCommand? Find(ulong number)
    {
        lock (_gate)
        {
            return _pending.GetValueOrDefault(number);
        }
    }
}
