using System.Net.Sockets;
using System.Security.Authentication;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.Client;

/// <summary>
/// One connection after the other until the client is disposed or refused for good: picks the edge, gets the token,
/// signs in, runs, waits. The one owner of connections.
/// </summary>
internal sealed class ConnectionLoop(
    RelayClientOptions options,
    ControlQueue control,
    PublishLedger ledger,
    Memberships memberships,
    RoomQueries queries,
    PendingCommands commands,
    IServiceEnd? service,
    IFrameHandler handler,
    WakeSignal wake,
    Action<RelayStateChange> report) : IDisposable
{
    private const int FirstTokenRefusalsMax = 3;

    private readonly Lock _gate = new();
    private readonly EndpointRotation _endpoints = new(options.Endpoints, options.ShuffleEndpoints);
    private readonly ReconnectBackoff _backoff = new(options.ReconnectBackoffMin, options.ReconnectBackoffMax);
    private readonly CancellationTokenSource _stop = new();
    private Connection? _current;
    private bool _stopping;
    private string? _token;
    private string? _refusedToken;
    private int _firstTokenRefusals;
    private RefusalSeries _tokenRefusals;
    private TimeSpan _tokenDelay;

    /// <summary>Completes at the first WELCOME; fails when no edge gave one.</summary>
    public TaskCompletionSource FirstConnected { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs until <see cref="Stop"/> or a final refusal.</summary>
    public async Task RunAsync()
    {
        Exception failure;
        try
        {
            failure = await ConnectAgainAndAgainAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            failure = new ObjectDisposedException(nameof(RelayClient));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The token provider's or our own mistake: nobody else would tell the callers who wait.
            failure = new RelayException(e.Message, e);
        }

        failure = _stop.IsCancellationRequested ? new ObjectDisposedException(nameof(RelayClient)) : failure;
        ledger.Fail(failure);
        memberships.Fail(failure);
        queries.Fail(failure);
        commands.Fail(failure);
        service?.Fail(failure);
        FirstConnected.TrySetException(failure);

        // Seen, also when nobody waits for the first connection any more.
        _ = FirstConnected.Task.Exception;
        report(new RelayStateChange(RelayClientState.Closed, Error: failure as RelayException));
    }

    /// <summary>Ends the loop: at once when not connected, else after a goodbye within the close time-out.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            _current?.Close(new ConnectionEnd(new RelayException("closed by this client")), drainFirst: true);
            if (_current is null)
            {
                _stop.Cancel();
            }
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task<Exception> ConnectAgainAndAgainAsync()
    {
        int failures = 0;
        int unreachable = 0;
        long began = options.TimeProvider.GetTimestamp();
        while (true)
        {
            _stop.Token.ThrowIfCancellationRequested();
            RelayEndpoint endpoint = _endpoints.Next();
            report(new RelayStateChange(RelayClientState.Connecting, endpoint));
            long started = options.TimeProvider.GetTimestamp();
            ConnectionEnd end = await ConnectOnceAsync(endpoint).ConfigureAwait(false);
            _stop.Token.ThrowIfCancellationRequested();
            if (IsFinal(end))
            {
                return end.Error;
            }

            // Before the first WELCOME somebody waits in ConnectAsync: each edge gets one chance to be there, and one
            // that asks us to come back is given some time.
            unreachable += end.Family == ErrorFamily.None ? 1 : 0;
            bool givesUp = unreachable >= _endpoints.Count
                || options.TimeProvider.GetElapsedTime(began) > options.RefusalRetryTimeout;
            if (!FirstConnected.Task.IsCompleted && givesUp)
            {
                return end.Error;
            }

            // A connection that lasted longer than the longest wait of its series was a success.
            if (options.TimeProvider.GetElapsedTime(started) > _backoff.Ceiling(failures) + options.ReconnectBackoffMin)
            {
                failures = 0;
            }

            // An edge that refuses a token is there and has no trouble: how long it was away before does not matter.
            TimeSpan delay = end.Moving ? TimeSpan.Zero
                : end.Family == ErrorFamily.SignInAgain ? _tokenDelay
                : _backoff.Next(failures++, end.Backoff);
            report(new RelayStateChange(RelayClientState.Waiting, endpoint, RetryIn: delay, Error: end.Error));
            await Task.Delay(delay, options.TimeProvider, _stop.Token).ConfigureAwait(false);
        }
    }

    private bool IsFinal(ConnectionEnd end)
    {
        if (end.Family != ErrorFamily.SignInAgain)
        {
            return end.Family == ErrorFamily.Final;
        }

        bool nothingElse = _token is null || _token == _refusedToken;
        _refusedToken = _token;
        _token = null;
        bool mayRetry = _tokenRefusals.TryNext(options, _backoff, end.Backoff, unbounded: false, out _tokenDelay);
        if (!FirstConnected.Task.IsCompletedSuccessfully)
        {
            // Somebody waits in ConnectAsync: a provider with nothing else to give will not do better soon.
            return nothingElse || ++_firstTokenRefusals >= FirstTokenRefusalsMax;
        }

        // We were signed in once. The keys or the token's file may be about to be replaced, as when a relay restarts.
        return !mayRetry;
    }

    private async Task<ConnectionEnd> ConnectOnceAsync(RelayEndpoint endpoint)
    {
        Stream? stream = null;
        try
        {
            _token ??= await AskForTokenAsync().ConfigureAwait(false);
            stream = await Handshake.DialAsync(endpoint, options, _stop.Token).ConfigureAwait(false);
            var buffer = new ReceiveBuffer(options.ServerFrameBytesMax);
            (SessionWelcome? welcome, ConnectionEnd? end) =
                await Handshake.SignInAsync(stream, buffer, _token, options, _stop.Token).ConfigureAwait(false);
            if (welcome is null)
            {
                return end!;
            }

            _tokenRefusals = default;
            _refusedToken = null;
            buffer.SetBodyBytesMax(welcome.ServerFrameBytesMax);
            using var connection = new Connection(stream, buffer, welcome, options, control, ledger, wake);
            return await RunAsync(connection, welcome, endpoint).ConfigureAwait(false);
        }
        catch (RelayException e)
        {
            return new ConnectionEnd(e);
        }
        catch (Exception e) when (e is SocketException or IOException or TimeoutException or AuthenticationException or ProtocolFaultException)
        {
            return ConnectionEnd.Failed($"{endpoint}: {e.Message}{Hint(stream, e)}", e);
        }
        finally
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // An edge says CLOSE before it closes. One that speaks TLS only takes HELLO for a broken handshake and says nothing.
    private string? Hint(Stream? stream, Exception e) =>
        stream is System.Net.Sockets.NetworkStream && e is IOException && !FirstConnected.Task.IsCompleted
            ? "; an edge that speaks TLS only does that: connect with TLS"
            : null;

    private async ValueTask<string> AskForTokenAsync()
    {
        try
        {
            // A provider that does not heed its token must not hold up the end of the client.
            return await options.TokenProvider(_stop.Token).AsTask().WaitAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or RelayException))
        {
            // The provider is the caller's code: whatever else it throws says that there is no token now.
            throw new RelayException(ErrorCode.TokenInvalid, e.Message, e);
        }
    }

    private async Task<ConnectionEnd> RunAsync(Connection connection, SessionWelcome welcome, RelayEndpoint endpoint)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                _stop.Cancel();
                return ConnectionEnd.Failed("closed by this client");
            }

            _current = connection;
        }

        control.Open();

        // Before anything else: what this session is decides what it may do.
        service?.Connected(welcome.HasServices);
        ledger.Connected(welcome.Publish);
        memberships.Connected(welcome.ChannelsMax, welcome.HasRooms);
        queries.Connected(welcome.HasRooms, welcome.HasServices);
        commands.Connected(welcome.HasServices);
        report(new RelayStateChange(RelayClientState.Connected, endpoint, welcome.UserId));
        FirstConnected.TrySetResult();
        try
        {
            return await connection.RunAsync(handler).ConfigureAwait(false);
        }
        finally
        {
            control.Close();
            memberships.Disconnected();
            queries.Disconnected();
            commands.Disconnected();
            service?.Disconnected();
            ledger.Disconnected();
            lock (_gate)
            {
                _current = null;
                if (_stopping)
                {
                    _stop.Cancel();
                }
            }
        }
    }
}
