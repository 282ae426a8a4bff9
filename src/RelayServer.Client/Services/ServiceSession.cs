using RelayServer.Protocol;

namespace RelayServer.Client.Services;

/// <summary>A service at one connection after the other: registers before anything else, and again when the relay was not ready.</summary>
internal sealed class ServiceSession : IServiceEnd, IDisposable
{
    private readonly Lock _gate = new();
    private readonly RelayClientOptions _options;
    private readonly ControlQueue _control;
    private readonly byte[] _registration;
    private readonly ReconnectBackoff _backoff;
    private readonly ITimer _retry;
    private RefusalSeries _refusals;
    private int _connection;
    private bool _isConnected;

    public ServiceSession(
        RelayClientOptions options,
        ControlQueue control,
        byte[] registration,
        Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> handler,
        Action<RelayServiceFailure> report)
    {
        _options = options;
        _control = control;
        _registration = registration;
        _backoff = new ReconnectBackoff(options.ReconnectBackoffMin, options.ReconnectBackoffMax);
        _retry = options.TimeProvider.CreateTimer(_ => Register(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Calls = new ServiceCalls(options, handler, Answer, report);
    }

    /// <summary>The commands under way.</summary>
    public ServiceCalls Calls { get; }

    /// <summary>Completes when the relay counts this session among the instances for the first time; fails when it never will.</summary>
    public TaskCompletionSource FirstRegistered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the client was disposed; fails when it was refused for good.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Connected(bool hasServices)
    {
        lock (_gate)
        {
            _connection++;
            _isConnected = hasServices;
        }

        // Later an edge without services may be one that is about to be replaced: another connection will do.
        if (!hasServices && !FirstRegistered.Task.IsCompleted)
        {
            Fail(MissingCapability.Services());
        }

        Register();
    }

    public void Disconnected()
    {
        lock (_gate)
        {
            _isConnected = false;
        }
    }

    public void Fail(Exception failure)
    {
        FirstRegistered.TrySetException(ClientFailure.Copy(failure));

        // Seen, also when nobody waits for the first registration any more.
        _ = FirstRegistered.Task.Exception;
        if (failure is ObjectDisposedException)
        {
            Ended.TrySetResult();
        }
        else
        {
            Ended.TrySetException(ClientFailure.Copy(failure));
        }
    }

    public void TakeRegistered()
    {
        lock (_gate)
        {
            _refusals = default;
        }

        FirstRegistered.TrySetResult();
    }

    public void TakeRefusal(bool isOfRegister, RelayException refusal)
    {
        // That an answer came too late is for nobody to know: the caller was told so.
        if (!isOfRegister)
        {
            return;
        }

        bool isFinal;
        lock (_gate)
        {
            TimeSpan delay = default;
            isFinal = refusal.Family != ErrorFamily.Retry
                || !_refusals.TryNext(_options, _backoff, refusal.RetryAfter, unbounded: FirstRegistered.Task.IsCompleted, out delay);
            if (!isFinal)
            {
                _retry.Change(delay, Timeout.InfiniteTimeSpan);
            }
        }

        if (isFinal)
        {
            Fail(refusal);
        }
    }

    public void TakeCall(in CallBody call) => Calls.Take(call, _connection);

    public void Dispose()
    {
        _retry.Dispose();
        Calls.Dispose();
    }

    private void Register()
    {
        lock (_gate)
        {
            if (_isConnected && !Ended.Task.IsCompleted)
            {
                _control.WriteRegister(_registration);
            }
        }
    }

    // The relay knows the call by the session that it was given to.
    private void Answer(int connection, byte[] returned)
    {
        lock (_gate)
        {
            if (_isConnected && connection == _connection)
            {
                _control.WriteReturn(returned);
            }
        }
    }
}
