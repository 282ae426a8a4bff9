using System.Security.Cryptography;
using RelayServer.Protocol;

namespace RelayServer.Client.Services;

/// <summary>
/// One instance of a service: registered with the relay for as long as there is a connection, again after every reconnect, doing the
/// commands that it is given and telling of what has happened. All members are thread-safe.
/// </summary>
public sealed class RelayService : IAsyncDisposable
{
    private readonly ServiceSession _session;
    private readonly RelayClient _client;
    private readonly string _name;

    private RelayService(
        RelayClientOptions options,
        ServiceDefinition definition,
        Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> handler)
    {
        byte[] registration = DefinitionEncoding.Encode(definition);
        _name = definition.Name;
        ServiceSession? session = null;
        _client = new RelayClient(
            options,
            control => session = new ServiceSession(options, control, registration, handler, failure => CommandFailed?.Invoke(this, failure)));
        _session = session!;
        _client.StateChanged += (_, change) => StateChanged?.Invoke(this, change);
        Completion = RunAsync();
    }

    /// <summary>
    /// The handler has thrown, or answered what is no answer. Raised by the task that does the command: what listens must return soon
    /// and not throw.
    /// </summary>
    public event EventHandler<RelayServiceFailure>? CommandFailed;

    /// <summary>The connection has come or gone; see <see cref="RelayClient.StateChanged"/>.</summary>
    public event EventHandler<RelayStateChange>? StateChanged;

    /// <summary>Names this service's updates, together with their numbers: <see cref="RelayClientOptions.ProducerId"/>, or a random one.</summary>
    public ulong ProducerId => _client.ProducerId;

    /// <summary>
    /// Completes when the service was disposed; fails with a <see cref="RelayException"/> when the relay refuses the token or the
    /// definition for good.
    /// </summary>
    public Task Completion { get; }

    /// <summary>
    /// Connects, and registers the service. Its token says that its holder speaks for the service of this name. From then on it comes
    /// back by itself after every lost connection.
    /// </summary>
    /// <param name="options">How to connect. Of interest to services are <see cref="RelayClientOptions.ProducerId"/> and <see cref="RelayClientOptions.ServiceCallsMax"/>.</param>
    /// <param name="definition">What the service is and can do.</param>
    /// <param name="handler">
    /// Does a command. Called for several at a time; its token is cancelled when nobody waits any more and when the service ends. What
    /// it throws is told to the caller as a failure, without the text.
    /// </param>
    /// <param name="cancellationToken">Gives the wish up.</param>
    /// <exception cref="ArgumentException">An option or a part of the definition is wrong; the message names it and its limit.</exception>
    /// <exception cref="RelayException">
    /// No edge could be reached, or the relay has refused: <see cref="ErrorCode.Forbidden"/> when the token does not name the service,
    /// <see cref="ErrorCode.Conflict"/> when there are too many services or instances.
    /// </exception>
    public static async Task<RelayService> StartAsync(
        RelayClientOptions options,
        ServiceDefinition definition,
        Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> handler,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(handler);
        if (!options.HasServices)
        {
            throw new ArgumentException("HasServices is false: a service cannot do without", nameof(options));
        }

        // Also of a random one the numbers that are not given begin where no given one is.
        options = options with { ProducerId = options.ProducerId ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) };
        var service = new RelayService(options, definition, handler);
        try
        {
            await service._client.ConnectAsync(cancellationToken).ConfigureAwait(false);
            await service._session.FirstRegistered.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return service;
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Tells of something, and waits until the relay has it in its log: it reaches whoever has subscribed. The same producer id and
    /// number again is the same update, also after a restart.
    /// </summary>
    /// <param name="target">
    /// <c>topic:SERVICE.TOPIC</c> for all who have subscribed to it; a room that has let the service in; or <c>inbox:SUBJECT</c> for one
    /// user who has called the service lately, or has subscribed to one of its topics.
    /// </param>
    /// <param name="card">What is shown.</param>
    /// <param name="subjects">What it is about, at most 64: who has chosen one of these gets it, and who has chosen none gets all.</param>
    /// <param name="number">The caller's number of the update, above 0; no two updates of one <see cref="ProducerId"/> have the same.</param>
    /// <param name="cancellationToken">Ends the wait; the update may be in the log. The same number may be published again.</param>
    /// <exception cref="ArgumentException">A part of it is wrong; the message names the part and its limit.</exception>
    /// <exception cref="InvalidOperationException">The number is being published already.</exception>
    /// <exception cref="RelayException">
    /// Refused: <see cref="ErrorCode.NotFound"/> for a topic or subject that the definition does not have, <see cref="ErrorCode.Forbidden"/>
    /// for a room or user that has not let the service in.
    /// </exception>
    public Task UpdateAsync(
        string target, ServiceCard card, IReadOnlyList<string> subjects, ulong number, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, ProtocolLimits.NumberMax);
        return PublishAsync(target, card, subjects, number, cancellationToken);
    }

    /// <inheritdoc cref="UpdateAsync(string, ServiceCard, IReadOnlyList{string}, ulong, CancellationToken)"/>
    public Task UpdateAsync(
        string target, ServiceCard card, IReadOnlyList<string>? subjects = null, CancellationToken cancellationToken = default) =>
        PublishAsync(target, card, subjects ?? [], null, cancellationToken);

    /// <summary>
    /// Says goodbye and ends: the relay gives what is under way to another instance. Handlers are cancelled, and waited for within
    /// <see cref="RelayClientOptions.CloseTimeout"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _session.Dispose();
    }

    private async Task PublishAsync(
        string target, ServiceCard card, IReadOnlyList<string> subjects, ulong? number, CancellationToken cancellationToken)
    {
        byte[] payload = UpdateEncoding.Encode(_name, target, card, subjects);
        await _client.UpdateAsync(target, payload, number, cancellationToken).ConfigureAwait(false);
    }

    // The one owner of the connection and the handlers: whichever way the service ends, both end with it.
    private async Task RunAsync()
    {
        await ((Task)_session.Ended.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _client.DisposeAsync().ConfigureAwait(false);
        await _session.Calls.StopAsync().ConfigureAwait(false);
        await _session.Ended.Task.ConfigureAwait(false);
    }
}
