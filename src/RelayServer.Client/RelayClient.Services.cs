using RelayServer.Client.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client;

/// <content>What a user has to do with services.</content>
public sealed partial class RelayClient
{
    /// <summary>
    /// Has a service do something, and waits for what comes of it. Like a message it is given again after a lost connection, under
    /// the same name, and done once.
    /// </summary>
    /// <param name="command">What to do, and where.</param>
    /// <param name="cancellationToken">Ends the wait; the command may be done all the same.</param>
    /// <exception cref="RelayException">
    /// Not done: <see cref="ErrorCode.UnknownService"/>, <see cref="ErrorCode.UnknownVerb"/>, <see cref="ErrorCode.BadArgument"/> with the
    /// usage, <see cref="ErrorCode.CommandRefused"/> with the service's reason, <see cref="ErrorCode.ConsentRequired"/>,
    /// <see cref="ErrorCode.Forbidden"/>, <see cref="ErrorCode.NotJoined"/>, <see cref="ErrorCode.ServiceUnavailable"/>. Not known whether it
    /// was done: <see cref="ErrorCode.ServiceTimeout"/>, <see cref="ErrorCode.InternalError"/> when the service failed, and
    /// <see cref="ErrorCode.Unavailable"/> after <see cref="RelayClientOptions.CommandTimeout"/>.
    /// </exception>
    /// <exception cref="ArgumentException">A part of it is too long; the message names the part and its limit.</exception>
    public Task<RelayCommandResult> CommandAsync(CommandRequest command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ulong number = _ledger.TakeNumber();
        byte[] body = CommandFrame.Encode(command, ProducerId, number);
        return _commands.AskAsync(new PendingCommand(number, FrameType.Command, body, command.Room), cancellationToken);
    }

    /// <inheritdoc cref="CommandAsync(CommandRequest, CancellationToken)"/>
    /// <param name="service">Which service.</param>
    /// <param name="verb">Which of its verbs.</param>
    /// <param name="arguments">For the verb's parameters, in their order.</param>
    /// <param name="room">The joined room that it is said in; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<RelayCommandResult> CommandAsync(
        string service, string verb, IReadOnlyList<string>? arguments = null, string? room = null, CancellationToken cancellationToken = default) =>
        CommandAsync(new CommandRequest { Service = service, Verb = verb, Arguments = arguments ?? [], Room = room }, cancellationToken);

    /// <summary>
    /// Gives a command as it is typed: <c>/SERVICE VERB [#ITEM] ARGUMENT…</c>, where <c>"…"</c> keeps spaces together. The relay cuts it as
    /// the verb wants it, where there is a room or one's own inbox is joined; else it is cut at spaces here, and what is for a parameter that
    /// takes the rest of the line must be put in quotation marks.
    /// </summary>
    /// <param name="room">The joined room that it is said in; null for none.</param>
    /// <param name="line">The line; it begins with one slash.</param>
    /// <param name="item">The item of the service that it is about, in place of one in the line.</param>
    /// <param name="cancellationToken">Ends the wait; the command may be done all the same.</param>
    /// <exception cref="RelayException">See <see cref="CommandAsync(CommandRequest, CancellationToken)"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="line"/> is no command, or <paramref name="item"/> names none.</exception>
    public Task<RelayCommandResult> CommandLineAsync(
        string? room, string line, string? item = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(line);
        TypedCommand read = CommandFrame.Read(line, item, out byte[]? text);

        // A line outside of rooms is said to oneself: then the relay still cuts it, which knows the verb's parameters.
        string? channel = room ?? (UserId is not null && _memberships.IsKnown(InboxName) ? InboxName : null);
        if (text is null || channel is null)
        {
            return CommandAsync(CommandFrame.Split(read, room), cancellationToken);
        }

        ulong number = _ledger.TakeNumber();
        byte[] body = CommandFrame.EncodeLine(channel, text, ProducerId, number);
        return _commands.AskAsync(new PendingCommand(number, FrameType.Publish, body, channel), cancellationToken);
    }

    /// <summary>Asks what there is to choose: services, what one of them can do and tells of, or the subjects of a topic.</summary>
    /// <param name="service">Which service; null for all services.</param>
    /// <param name="topic">Which topic of it, for its subjects; null for the service's verbs and topics.</param>
    /// <param name="channel">The room that <see cref="MenuLine.IsChosen"/> is about; null for one's own inbox.</param>
    /// <param name="locale">The language that is wanted, such as <c>de</c>; null for the services' own.</param>
    /// <param name="after">Only what comes after this line, the last one of the page before; null for the beginning.</param>
    /// <param name="max">At most so many, up to <see cref="ProtocolLimits.MenuEntriesMax"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RelayException">
    /// Refused, such as <see cref="ErrorCode.UnknownService"/> and <see cref="ErrorCode.NotFound"/> for a topic; or not answered within
    /// <see cref="RelayClientOptions.QueryTimeout"/>.
    /// </exception>
    public async Task<MenuPage> QueryMenuAsync(
        string? service = null,
        string? topic = null,
        string? channel = null,
        string? locale = null,
        MenuLine? after = null,
        int max = ProtocolLimits.MenuEntriesMax,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, ProtocolLimits.MenuEntriesMax);
        byte[] body = TopicQueries.EncodeMenu(service, topic, channel, locale, after, max);
        byte[] answer = await _queries.AskAsync(body, cancellationToken, needsServices: true).ConfigureAwait(false);
        return MenuPage.Decode(answer) ?? throw NotUnderstood();
    }

    /// <summary>Asks what a room, or one's own inbox, has subscribed to.</summary>
    /// <param name="channel">The room; null for one's own inbox.</param>
    /// <param name="after">Only what comes after this topic, the last one of the page before; null for the beginning.</param>
    /// <param name="max">At most so many, up to <see cref="ProtocolLimits.SubscriptionsMax"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RelayException">Refused, or not answered within <see cref="RelayClientOptions.QueryTimeout"/>.</exception>
    public async Task<SubscriptionPage> QuerySubscriptionsAsync(
        string? channel = null, string? after = null, int max = ProtocolLimits.SubscriptionsMax, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, ProtocolLimits.SubscriptionsMax);
        byte[] body = TopicQueries.EncodeSubscriptions(channel, after, max);
        byte[] answer = await _queries.AskAsync(body, cancellationToken, needsServices: true).ConfigureAwait(false);
        return SubscriptionPage.Decode(answer) ?? throw NotUnderstood();
    }

    /// <summary>Subscribes a room, or one's own inbox, to a topic; once more changes the subjects and the end.</summary>
    /// <param name="room">The room; null for one's own inbox.</param>
    /// <param name="topic">As <c>service.topic</c>.</param>
    /// <param name="subjects">Only updates about one of these; null or empty for all.</param>
    /// <param name="expiresAt">When it ends; null for never.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RelayException">
    /// Refused: <see cref="ErrorCode.NotFound"/> for a topic or subject that there is not, <see cref="ErrorCode.BadArgument"/> for an end in the
    /// past, <see cref="ErrorCode.Forbidden"/>, <see cref="ErrorCode.ConsentRequired"/>, <see cref="ErrorCode.Conflict"/> above the limit.
    /// </exception>
    /// <exception cref="InvalidOperationException">There is no room, and the client was never connected.</exception>
    public async Task SubscribeAsync(
        string? room, string topic, IReadOnlyList<string>? subjects = null, DateTimeOffset? expiresAt = null, CancellationToken cancellationToken = default)
    {
        ulong expiresAtMilliseconds = expiresAt is { } end ? (ulong)Math.Max(1, end.ToUnixTimeMilliseconds()) : 0;
        await ServiceControlAsync(room, RoomControl.Subscribe(topic, subjects ?? [], expiresAtMilliseconds), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends a subscription of a room, or of one's own inbox.</summary>
    /// <param name="room">The room; null for one's own inbox.</param>
    /// <param name="topic">As <c>service.topic</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RelayException">Refused: <see cref="ErrorCode.NotFound"/> when there is none, <see cref="ErrorCode.Forbidden"/>.</exception>
    /// <exception cref="InvalidOperationException">There is no room, and the client was never connected.</exception>
    public async Task UnsubscribeAsync(string? room, string topic, CancellationToken cancellationToken = default) =>
        await ServiceControlAsync(room, RoomControl.Unsubscribe(topic), cancellationToken).ConfigureAwait(false);

    /// <summary>Lets a service into a room, where it may answer commands and send updates; or puts it out.</summary>
    /// <param name="room">The room.</param>
    /// <param name="service">Which service.</param>
    /// <param name="isInvited">False puts it out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RelayException">Refused: <see cref="ErrorCode.NotFound"/>, <see cref="ErrorCode.Forbidden"/>.</exception>
    public async Task InviteAsync(string room, string service, bool isInvited = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        await ServiceControlAsync(room, RoomControl.Invite(service, isInvited), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts to receive one's own inbox: updates for this user alone, and what happens to his subscriptions.</summary>
    /// <param name="from">Where to start.</param>
    /// <param name="cancellationToken">Gives the wish up.</param>
    /// <exception cref="RelayException">Refused.</exception>
    /// <exception cref="InvalidOperationException">The client was never connected, or has joined it already.</exception>
    public Task<RelaySubscription> JoinInboxAsync(JoinFrom from = default, CancellationToken cancellationToken = default) =>
        JoinAsync(InboxName, from, cancellationToken);

    /// <summary>
    /// Tells of something in the name of the service that the token names, without being an instance of it: for programs that tell and
    /// are told nothing. Some instance is registered, and has the topic.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="target"><c>topic:SERVICE.TOPIC</c>, a room or <c>inbox:SUBJECT</c>; see <see cref="RelayService.UpdateAsync(string, ServiceCard, IReadOnlyList{string}, ulong, CancellationToken)"/>.</param>
    /// <param name="card">What is shown.</param>
    /// <param name="subjects">What it is about, at most 64.</param>
    /// <param name="cancellationToken">Ends the wait; the update may be in the log.</param>
    /// <exception cref="ArgumentException">A part of it is wrong; the message names the part and its limit.</exception>
    /// <exception cref="RelayException">Refused.</exception>
    public async Task UpdateAsync(
        string service, string target, ServiceCard card, IReadOnlyList<string>? subjects = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(service);
        byte[] payload = UpdateEncoding.Encode(service, target, card, subjects ?? []);
        await UpdateAsync(target, payload, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes an update of the service that the token names.</summary>
    internal ValueTask<Position> UpdateAsync(string target, byte[] payload, ulong? number, CancellationToken cancellationToken) =>
        _ledger.Publish(
            new PublishRequest(target, null, payload, MessageKind.Update, FrameFlags.AckWanted) { Number = number }, cancellationToken);

    // Who we are only the relay says.
    private string InboxName => ChannelName.InboxPrefixText + (UserId ?? throw new InvalidOperationException("connect first: whose inbox it is, the relay says"));

    private ValueTask<Position> ServiceControlAsync(string? room, RoomControl control, CancellationToken cancellationToken) =>
        ControlAsync(room ?? InboxName, control, cancellationToken);
}
