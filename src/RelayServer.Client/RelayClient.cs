using System.Text;
using RelayServer.Client.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <summary>
/// A connection to a relay that heals itself: publishes with acks, joins channels, and after a lost connection signs in
/// again, resumes every channel where it stood and sends again what is unanswered. All members are thread-safe.
/// <para>Order: the publishes of one channel are sent in the order of the calls. Exactly once: a publish sent again
/// keeps its number, so the relay logs it once.</para>
/// </summary>
public sealed partial class RelayClient : IAsyncDisposable
{
    private readonly PublishLedger _ledger;
    private readonly Memberships _memberships;
    private readonly ControlQueue _control;
    private readonly RoomQueries _queries;
    private readonly PendingCommands _commands;
    private readonly ConnectionLoop _loop;
    private readonly Lock _gate = new();
    private Task? _running;
    private bool _disposed;
    private volatile RelayClientState _state;

    /// <summary>Makes a client; it does nothing before <see cref="ConnectAsync"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public RelayClient(RelayClientOptions options)
        : this(options, null)
    {
    }

    internal RelayClient(RelayClientOptions options, Func<ControlQueue, IServiceEnd>? createService)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var wake = new WakeSignal();
        _control = new ControlQueue(wake);
        _ledger = new PublishLedger(options, wake);
        _memberships = new Memberships(options, _control, _ledger);
        _queries = new RoomQueries(options, _control);
        _commands = new PendingCommands(options, _control, _memberships);
        IServiceEnd? service = createService?.Invoke(_control);
        var intake = new DeliveryIntake(options, _memberships, _ledger.ProducerId);
        var frames = new SessionFrames(_control, _ledger, _memberships, intake, _queries, _commands, service);
        frames.SendRefused += refusal => SendRefused?.Invoke(this, refusal);
        _loop = new ConnectionLoop(options, _control, _ledger, _memberships, _queries, _commands, service, frames, wake, Report);
    }

    /// <summary>The reaction that is a heart; the others, below <see cref="ProtocolLimits.ReactionsMax"/>, are the application's.</summary>
    public const byte Heart = 0;

    /// <summary>
    /// The state has changed. Raised in order, by the task that connects: a handler must return soon and not throw.
    /// </summary>
    public event EventHandler<RelayStateChange>? StateChanged;

    /// <summary>A message sent without asking for an ack, or a reaction, was refused. Raised by the task that receives.</summary>
    public event EventHandler<RelayRefusal>? SendRefused;

    /// <summary>Where the client stands.</summary>
    public RelayClientState State => _state;

    /// <summary>Names this client's messages, together with their numbers: <see cref="RelayClientOptions.ProducerId"/>, or a random one.</summary>
    public ulong ProducerId => _ledger.ProducerId;

    /// <summary>Who the token says we are; null before the first connection.</summary>
    public string? UserId { get; private set; }

    /// <summary>Largest payload that the present edge takes, in bytes.</summary>
    public int PayloadBytesMax => _ledger.PayloadBytesMax;

    /// <summary>
    /// Connects and signs in: an endpoint that cannot be reached is tried once, one that says "later" again until the
    /// refusal time-out. From then on the client reconnects by itself, until it is disposed or refused for good. When
    /// this call fails the client has ended.
    /// </summary>
    /// <exception cref="RelayException">No edge could be reached, or the sign-in was refused (see its code).</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; dispose the client.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _running ??= Task.Run(_loop.RunAsync, CancellationToken.None);
        }

        return _loop.FirstConnected.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Becomes a member of a channel, or an observer, and starts to receive it.</summary>
    /// <param name="channel">Its name.</param>
    /// <param name="from">Where to start, and whether as an observer; live as a member when left out.</param>
    /// <param name="cancellationToken">Gives the wish up.</param>
    /// <exception cref="RelayException">Refused.</exception>
    /// <exception cref="ArgumentException"><paramref name="channel"/> cannot name a channel.</exception>
    /// <exception cref="InvalidOperationException">This client is a member already.</exception>
    public async Task<RelaySubscription> JoinAsync(
        string channel, JoinFrom from = default, CancellationToken cancellationToken = default)
    {
        CheckName(channel);
        Membership member = _memberships.Add(channel, from);
        try
        {
            (Position start, Position top) = await member.FirstJoined.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new RelaySubscription(member, _memberships, start, top);
        }
        catch (OperationCanceledException)
        {
            _memberships.Abandon(member);
            throw;
        }
    }

    /// <summary>Publishes text and waits until the relay has it in its log.</summary>
    /// <param name="channel">A channel that this client has joined.</param>
    /// <param name="text">The message.</param>
    /// <param name="cancellationToken">
    /// Ends the wait. A message that was not sent yet is taken back; one that was may be in the log.
    /// </param>
    /// <returns>
    /// Its position. Waits for room in the publish window first, and across reconnects. Await it once.
    /// </returns>
    /// <exception cref="RelayException">
    /// Refused for good (3xxx: it is not in the log, but for <see cref="ErrorCode.NumberExpired"/>), or for now and longer
    /// than the retry time-out (1xxx: it may be).
    /// </exception>
    public ValueTask<Position> PublishAsync(string channel, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(text);
        return _ledger.Publish(new PublishRequest(channel, text, default, MessageKind.Text, FrameFlags.AckWanted), cancellationToken);
    }

    /// <inheritdoc cref="PublishAsync(string, string, CancellationToken)"/>
    /// <param name="channel">A channel that this client has joined.</param>
    /// <param name="payload">The bytes; they must not change before the task completes.</param>
    /// <param name="kind">What they are; text must be UTF-8.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<Position> PublishAsync(
        string channel, ReadOnlyMemory<byte> payload, MessageKind kind = MessageKind.Data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        CheckKind(kind);
        return _ledger.Publish(new PublishRequest(channel, null, payload, kind, FrameFlags.AckWanted), cancellationToken);
    }

    /// <summary>
    /// Sends text without asking for an ack: at most once, and lost without notice when the connection is lost. A
    /// refusal raises <see cref="SendRefused"/>.
    /// </summary>
    /// <param name="channel">A channel that this client has joined.</param>
    /// <param name="text">The message.</param>
    /// <param name="ephemeral">Relay it to present members only and keep it out of the log.</param>
    /// <param name="cancellationToken">Ends the wait for room in the send buffer.</param>
    public ValueTask SendAsync(string channel, string text, bool ephemeral = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(text);
        return _ledger.Send(new PublishRequest(channel, text, default, MessageKind.Text, SendFlags(ephemeral)), cancellationToken);
    }

    /// <inheritdoc cref="SendAsync(string, string, bool, CancellationToken)"/>
    /// <param name="channel">A channel that this client has joined.</param>
    /// <param name="payload">The bytes; they must not change before the task completes.</param>
    /// <param name="kind">What they are; text must be UTF-8.</param>
    /// <param name="ephemeral">Relay it to present members only and keep it out of the log.</param>
    /// <param name="cancellationToken">Ends the wait for room in the send buffer.</param>
    public ValueTask SendAsync(
        string channel,
        ReadOnlyMemory<byte> payload,
        MessageKind kind = MessageKind.Data,
        bool ephemeral = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        CheckKind(kind);
        return _ledger.Send(new PublishRequest(channel, null, payload, kind, SendFlags(ephemeral)), cancellationToken);
    }

    /// <summary>
    /// Changes a room: its life, settings, split, roles, or what a member may. Needs no membership; the relay decides by
    /// the user's role. Like a message it is sent again after a lost connection and done once.
    /// </summary>
    /// <param name="channel">The room.</param>
    /// <param name="control">What to do.</param>
    /// <param name="cancellationToken">Ends the wait; see <see cref="PublishAsync(string, string, CancellationToken)"/>.</param>
    /// <returns>The place in the room's log from which on it holds, in partition 0. Await it once.</returns>
    /// <exception cref="RelayException">
    /// Refused: <see cref="ErrorCode.Forbidden"/>, <see cref="ErrorCode.Conflict"/>, <see cref="ErrorCode.NotFound"/> and so on;
    /// <see cref="ErrorCode.BadArgument"/> also without asking the relay.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="channel"/> cannot name a channel.</exception>
    public ValueTask<Position> ControlAsync(string channel, RoomControl control, CancellationToken cancellationToken = default)
    {
        CheckName(channel);
        ArgumentNullException.ThrowIfNull(control);
        if (control.Check() is { } refusal)
        {
            throw RelayException.Refused(refusal.Code, refusal.Text);
        }

        return _ledger.Publish(
            new PublishRequest(channel, null, control.Encode(), MessageKind.Control, FrameFlags.AckWanted), cancellationToken);
    }

    /// <summary>Asks how a room is; needs no membership.</summary>
    /// <exception cref="RelayException">Refused, or not answered within <see cref="RelayClientOptions.QueryTimeout"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="channel"/> cannot name a channel.</exception>
    public async Task<RoomStatus> QueryStatusAsync(string channel, CancellationToken cancellationToken = default)
    {
        CheckName(channel);
        byte[] answer = await _queries.AskAsync(RoomQueries.Encode(QueryKind.Status, channel), cancellationToken).ConfigureAwait(false);
        return RoomStatus.Decode(answer) ?? throw NotUnderstood();
    }

    /// <summary>Asks who is in a room.</summary>
    /// <inheritdoc cref="QueryStatusAsync"/>
    public async Task<RoomMembers> QueryMembersAsync(string channel, CancellationToken cancellationToken = default)
    {
        CheckName(channel);
        byte[] answer = await _queries.AskAsync(RoomQueries.Encode(QueryKind.Members, channel), cancellationToken).ConfigureAwait(false);
        return RoomMembers.Decode(answer) ?? throw NotUnderstood();
    }

    /// <summary>Asks who is muted, banned or kicked in a room; for moderators and above.</summary>
    /// <param name="channel">The room.</param>
    /// <param name="after">Only what comes after this one, the last of the page before; null for the first ones.</param>
    /// <param name="max">At most so many, up to <see cref="ProtocolLimits.RestrictionsListedMax"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="QueryStatusAsync"/>
    public async Task<RestrictionPage> QueryRestrictionsAsync(
        string channel, RoomRestriction? after = null, int max = ProtocolLimits.RestrictionsListedMax, CancellationToken cancellationToken = default)
    {
        CheckName(channel);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, ProtocolLimits.RestrictionsListedMax);
        byte[] answer = await _queries.AskAsync(RoomQueries.EncodeRestrictions(channel, after, max), cancellationToken).ConfigureAwait(false);
        return RestrictionPage.Decode(answer) ?? throw NotUnderstood();
    }

    /// <summary>Asks which rooms there are.</summary>
    /// <param name="search">Which of them; all when null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RelayException">Refused, or not answered within <see cref="RelayClientOptions.QueryTimeout"/>.</exception>
    public async Task<RoomPage> QueryRoomsAsync(RoomSearch? search = null, CancellationToken cancellationToken = default)
    {
        search ??= new RoomSearch();
        search.Validate();
        byte[] answer = await _queries.AskAsync(RoomQueries.Encode(QueryKind.Rooms, null, search), cancellationToken).ConfigureAwait(false);
        return RoomPage.Decode(answer) ?? throw NotUnderstood();
    }

    /// <summary>
    /// Sends reactions to a joined room; the relay sums them up. At most once: without a connection, or when it is behind,
    /// they are dropped; a refusal raises <see cref="SendRefused"/>. Gather what a user does in a fraction of a second into
    /// one call.
    /// </summary>
    /// <param name="channel">A channel that this client has joined.</param>
    /// <param name="reaction">Which, below <see cref="ProtocolLimits.ReactionsMax"/>; <see cref="Heart"/> when left out.</param>
    /// <param name="count">How often, 1–<see cref="ProtocolLimits.ReactionCountMax"/>.</param>
    /// <returns>False when they were dropped here.</returns>
    public bool React(string channel, byte reaction = Heart, int count = 1)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(reaction, ProtocolLimits.ReactionsMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ProtocolLimits.ReactionCountMax);
        return _memberships.FindReacting(channel) is { } member
            && _control.TryWriteReact(member.Lane.ChannelUtf8, reaction, (byte)count);
    }

    /// <summary>
    /// Sends what is queued, says goodbye and closes, within the close time-out. Publishes that are still unanswered
    /// fail with <see cref="ObjectDisposedException"/>: await them first. Subscriptions end after what they have.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Task? running;
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _loop.Stop();
                _running ??= Task.Run(_loop.RunAsync, CancellationToken.None);
            }

            running = _running;
        }

        await running!.ConfigureAwait(false);
        _loop.Dispose();
    }

    private static void CheckName(string channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (ChannelName.KindOf(Encoding.UTF8.GetBytes(channel)) is null)
        {
            throw new ArgumentException(
                $"'{channel}' cannot name a channel: a letter or digit, then letters, digits, '.', '_' and '-', "
                + $"at most {ProtocolLimits.ChannelNameBytesMax}; or 'inbox:' and a user id",
                nameof(channel));
        }
    }

    private static void CheckKind(MessageKind kind)
    {
        if (kind > MessageKind.Data)
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "only Text and Data can be published; a room is changed by ControlAsync");
        }
    }

    private static RelayException NotUnderstood() => new("the relay's answer is of a later version than this client");

    private static FrameFlags SendFlags(bool ephemeral) => ephemeral ? FrameFlags.Ephemeral : FrameFlags.None;

    private void Report(RelayStateChange change)
    {
        UserId = change.UserId ?? UserId;
        _state = change.State;
        StateChanged?.Invoke(this, change);
    }
}
