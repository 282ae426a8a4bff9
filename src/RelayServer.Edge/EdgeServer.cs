using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RelayServer.Edge.Admin;
using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Fabric;
using RelayServer.Identity;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge;

/// <summary>An edge: takes client connections and joins them to the masters through the fabric.</summary>
public sealed class EdgeServer : IAsyncDisposable
{
    private const int ListenBacklog = 8192;
    private const int ReadBufferBytesMax = 128 * 1024;
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuarterInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SubscribeRetryInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private readonly EdgeOptions _options;
    private readonly IFabric _fabric;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _edgeId;
    private readonly EdgeLoop _loop;
    private readonly SessionRunner _sessions;
    private readonly OperatorDesk _operators;
    private readonly RevocationWatch _revocations;
    private readonly EdgeMetrics _metrics;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private WebApplication? _listener;
    private ITimer? _timer;
    private ITimer? _quarter;
    private Task _run = Task.CompletedTask;
    private Task _subscribing = Task.CompletedTask;
    private volatile string? _notReadyReason = "the edge has not started";

    /// <summary>Makes an edge; nothing listens until <see cref="StartAsync"/>.</summary>
    public EdgeServer(EdgeOptions options, IFabric fabric, ITokenValidator tokens, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _fabric = fabric;
        _time = time;
        _logger = loggers.CreateLogger<EdgeServer>();
        string name = options.Name ?? EdgeOptions.NameDefault;
        _edgeId = NodeId.New(name);
        var clock = new SteadyClock(time);
        _loop = new EdgeLoop(options, _edgeId, fabric, time, clock, _logger);
        _revocations = new RevocationWatch(tokens, _loop);
        _sessions = new SessionRunner(options, _loop, tokens, _revocations, time, clock, _logger);
        _operators = new OperatorDesk(
            options, (user, sink) => new LoopSession(_loop, _sessions.NextSessionId(), user, sink, options.OutboundBytesMax), time);
        _metrics = new EdgeMetrics(name, _loop, _sessions, _operators);
        _loop.Metrics = _metrics;
    }

    /// <summary>Where clients connect; valid once <see cref="StartAsync"/> has returned.</summary>
    public IPEndPoint Endpoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Why the edge cannot serve now; null when it can.</summary>
    public string? NotReadyReason => _notReadyReason
        ?? (!_fabric.IsConnected ? "the fabric cannot be reached"
            : !_loop.Core.HasOwners ? "no master owns the slots yet"
            : !_loop.Core.IsServed ? "the master that owns the slots does not answer" : null);

    /// <summary>Ends when the edge has stopped; fails when it could not go on.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Starts to listen. A fabric that cannot be reached yet is waited for in the background, and readiness says so.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = BuildListener();
        await _listener.StartAsync(cancellationToken);
        string address = _listener.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Endpoint = IPEndPoint.Parse(address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..]);
        EdgeLog.Listening(_logger, _edgeId, Endpoint.ToString());
        _notReadyReason = "the edge is waiting for the fabric";
        _run = Task.Run(RunLoopAsync, CancellationToken.None);
        _timer = _time.CreateTimer(static state => ((EdgeServer)state!).Tick(), this, TickInterval, TickInterval);
        _quarter = _time.CreateTimer(
            static state => ((EdgeLoop)state!).Post(new EdgeEvent(EdgeEventKind.Quarter)), _loop, QuarterInterval, QuarterInterval);
        _subscribing = SubscribeAsync(_stopping.Token);
        _fabric.ConnectionChanged += OnConnectionChanged;
    }

    /// <summary>
    /// Drains: takes no new connection, asks sessions to move, closes what is left after
    /// <see cref="EdgeOptions.DrainMilliseconds"/>, then stops.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_listener is null || _stopping.IsCancellationRequested)
        {
            return;
        }

        _notReadyReason = "the edge is draining";
        EdgeLog.Draining(_logger, _edgeId, _loop.Core.SessionCount);
        _operators.Drain();
        _loop.Post(new EdgeEvent(EdgeEventKind.Drain));
        using var aborting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Unbinds at once and ends when the last connection has.
        Task closed = _listener.StopAsync(aborting.Token);
        await Task.WhenAny(closed, Task.Delay(TimeSpan.FromMilliseconds(_options.DrainMilliseconds), _time, cancellationToken));
        _loop.Post(new EdgeEvent(EdgeEventKind.CloseAll));
        await Task.WhenAny(closed, Task.Delay(CloseTimeout, _time, cancellationToken));
        await aborting.CancelAsync();
        await closed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopLoopAsync();
        _notReadyReason = "the edge has stopped";
    }

    /// <summary>
    /// Changes a room on behalf of an operator, the way a client of his would: through the edge to the room's master, once,
    /// however often it has to be sent. What is refused for now is tried again for <see cref="EdgeOptions.OperatorTimeoutMilliseconds"/>.
    /// </summary>
    /// <param name="room">The room's name.</param>
    /// <param name="control">What to do.</param>
    /// <param name="user">The operator: he is whom the room's log names. Whether he is one, the caller has made sure of.</param>
    /// <param name="cancellationToken">Stops waiting; whether it was done is not known then.</param>
    public Task<AdminAnswer> ControlAsync(string room, RoomControl control, string user, CancellationToken cancellationToken) =>
        _operators.ControlAsync(room, control, user, cancellationToken);

    /// <summary>Asks about rooms on behalf of an operator; see <see cref="ControlAsync"/>.</summary>
    /// <param name="query">The question.</param>
    /// <param name="user">The operator.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>With the body of the ANSWER, when there is one.</returns>
    public Task<AdminAnswer> QueryAsync(in QueryBody query, string user, CancellationToken cancellationToken) =>
        _operators.QueryAsync(query, user, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }

        _metrics.Dispose();
        _loop.Dispose();
        _stopping.Dispose();
    }

    private void Tick()
    {
        _loop.Post(new EdgeEvent(EdgeEventKind.Tick));
        _revocations.Look();
    }

    private async Task StopLoopAsync()
    {
        _fabric.ConnectionChanged -= OnConnectionChanged;
        await _stopping.CancelAsync();
        await _subscribing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (IAsyncDisposable subscription in _subscriptions)
        {
            await subscription.DisposeAsync();
        }

        if (_timer is not null && _quarter is not null)
        {
            await _timer.DisposeAsync();
            await _quarter.DisposeAsync();
        }

        _loop.Stop();
        await _run;
        _operators.Dispose();
    }

    private WebApplication BuildListener()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (_options.TlsCertificateFile is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.Services.Configure<SocketTransportOptions>(transport =>
        {
            transport.Backlog = ListenBacklog;
            transport.MaxReadBufferSize = ReadBufferBytesMax;
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPEndPoint.Parse(_options.Listen), Listen));
        return builder.Build();
    }

    private void Listen(ListenOptions listen)
    {
        // First, so that connections count before TLS.
        listen.Use(next => connection => _sessions.AdmitAsync(connection, next));
        if (_options.TlsCertificateFile is not null)
        {
            listen.UseHttps(
                X509Certificate2.CreateFromPemFile(_options.TlsCertificateFile, _options.TlsKeyFile),
                https => https.HandshakeTimeout = TimeSpan.FromMilliseconds(_options.HandshakeTimeoutMilliseconds));
        }

        listen.Run(_sessions.RunAsync);
    }

    private async Task RunLoopAsync()
    {
        try
        {
            await _loop.RunAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }

        _completion.TrySetResult();
    }

    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            _subscriptions.Add(await SubscribeAsync(FabricAddress.Edge(_edgeId), _loop.TakeRelay, cancellationToken));
            _subscriptions.Add(await SubscribeAsync(FabricAddress.Slots, _ => _loop.ReadSlots(), cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }

        _notReadyReason = null;
        _loop.ReadSlots();
    }

    private Task<IAsyncDisposable> SubscribeAsync(
        FabricAddress address, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) => FabricRetry.RunAsync(
        () => _fabric.SubscribeAsync(address, handler, cancellationToken),
        SubscribeRetryInterval,
        reason => EdgeLog.FabricUnavailable(_logger, reason),
        _time,
        cancellationToken);

    private void Fail(Exception exception)
    {
        _notReadyReason = "the edge has failed";
        EdgeLog.Failed(_logger, exception);
        _completion.TrySetException(exception);
    }

    private void OnConnectionChanged(bool isConnected)
    {
        if (isConnected)
        {
            EdgeLog.FabricAvailable(_logger);
            _loop.ReadSlots();
        }
        else
        {
            EdgeLog.FabricUnavailable(_logger, _fabric.NotReadyReason ?? "the connection was lost");
        }
    }
}
