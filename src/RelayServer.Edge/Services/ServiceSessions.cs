using RelayServer.Edge.Hosting;
using RelayServer.Edge.Sessions;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Services;

/// <summary>What sessions say to services and services to sessions, and what comes of it.</summary>
internal sealed class ServiceSessions(
    EdgeOptions options, IEdgeEffects effects, EdgeCounters counters, Refusals refusals, UpstreamRouter upstream)
{
    /// <summary>A service has to do with the rooms that asked it in, and with no others but to send them updates.</summary>
    public static readonly ControlRefusal NotInvited = new(ErrorCode.Forbidden, "the room has not invited this service; who runs it does");

    private static readonly ControlRefusal s_notListed = new(ErrorCode.Forbidden, "a service is not told which rooms there are: rooms invite it");

    private readonly Commands _commands = new(options, effects, counters, refusals, upstream);
    private readonly Registrations _registrations = new(effects, refusals, upstream);

    /// <summary>Sessions that are instances of services.</summary>
    public int InstanceCount => _registrations.Count;

    /// <summary>Commands that wait for their answer.</summary>
    public int PendingCommandCount => _commands.Count;

    /// <summary>Takes a frame of the capability.</summary>
    public void Take(EdgeSession session, FrameHeader header, ReadOnlySpan<byte> body, ulong nowMilliseconds, SessionClose close)
    {
        if (header.Flags != FrameFlags.None)
        {
            close(session, ErrorCode.BadFlags, "frames of services have no flags"u8);
            return;
        }

        switch (header.Type)
        {
            case FrameType.Command when CommandBody.TryDecode(body, out CommandBody command) == DecodeStatus.Ok:
                _commands.Take(session, header, command, body, isLine: false, nowMilliseconds);
                break;
            case FrameType.Register when RegisterBody.TryDecode(body, out _) == DecodeStatus.Ok:
                _registrations.Take(session, header.Correlation, body, nowMilliseconds);
                break;
            case FrameType.Return when ReturnBody.TryDecode(body, out _) == DecodeStatus.Ok:
                _registrations.Return(session, header.Correlation, body, options, nowMilliseconds);
                break;
            default:
                close(session, ErrorCode.MalformedBody, "the body of a frame of services could not be read"u8);
                break;
        }
    }

    /// <summary>Why a session may not publish this, as far as services go; null when it may.</summary>
    public static ControlRefusal? CheckPublish(EdgeSession session, in PublishBody publish)
    {
        if (publish.Kind == MessageKind.Update)
        {
            return session.Service.Length > 0 ? null : new ControlRefusal(ErrorCode.Forbidden, "only a service sends updates: its token names it");
        }

        if (publish.Kind != MessageKind.Control)
        {
            return null;
        }

        bool isInbox = ChannelName.KindOf(publish.Channel) == ChannelKind.Inbox;
        return isInbox && !ChannelName.IsInboxOf(publish.Channel, session.UserId) ? new ControlRefusal(ErrorCode.Forbidden, "an inbox is its user's")
            : !isInbox && CheckMember(session, publish.Channel) is { } notInvited && !IsCreate(publish.Payload) ? notInvited
            : !session.Capabilities.HasFlag(Capabilities.Services) ? CheckWithoutServices(publish.Payload)
            : isInbox && session.Consents is { } consents ? CheckConsent(consents, publish.Payload)
            : null;
    }

    /// <summary>Why a session may not ask this, as far as services go; null when it may.</summary>
    public static ControlRefusal? CheckQuery(EdgeSession session, in QueryBody query) =>
        query.What == QueryKind.Rooms && session.Service.Length > 0 ? s_notListed : CheckMember(session, query.Channel);

    /// <summary>Takes a line of text that is a command.</summary>
    public void TakeLine(EdgeSession session, FrameHeader header, in PublishBody publish, ulong nowMilliseconds) =>
        _commands.TakeLine(session, header, publish, nowMilliseconds);

    /// <summary>Takes the answer to a command.</summary>
    public void TakeOutcome(in RelayRecord record) => _commands.Answered(record);

    /// <summary>Takes a frame that a master has for the session of a service.</summary>
    public void TakeFrame(in RelayRecord record, EdgeSession? session, MasterLink link, ulong nowMilliseconds)
    {
        switch (record.FrameType)
        {
            case FrameType.Call when session is null || !_registrations.TryCall(session):
                Registrations.Disown(record.Session, link, nowMilliseconds);
                break;
            case var _ when session is null:
                break;
            case FrameType.Call:
                counters.Calls++;
                effects.Send(session, SharedFrame.Create(FrameType.Call, FrameFlags.None, 0, record.Body));
                break;
            case FrameType.Error:
                _registrations.Refused(session, record);
                break;
            case FrameType.Registered:
                _registrations.Answered(session, record);
                break;
        }
    }

    /// <summary>No master will answer.</summary>
    public void Unanswered(uint command) => _commands.Unanswered(command);

    /// <summary>The owner of these slots is another, or may have forgotten, or missed, what it was told.</summary>
    public void Repeat(Predicate<int> isMeant, ulong nowMilliseconds)
    {
        _registrations.Repeat(isMeant, nowMilliseconds);
        _commands.Repeat(isMeant, nowMilliseconds);
    }

    public void Forget(EdgeSession session, ulong nowMilliseconds)
    {
        _commands.Forget(session);
        _registrations.Forget(session, nowMilliseconds);
    }

    /// <summary>About once a second.</summary>
    public void Tick(ulong nowMilliseconds) => _commands.Tick(nowMilliseconds);

    // Without being a member it may neither ask about a room nor change it.
    private static ControlRefusal? CheckMember(EdgeSession session, ReadOnlySpan<byte> channel) =>
        session.Service.Length > 0 && ChannelName.KindOf(channel) == ChannelKind.Room && session.Find(channel) is not { IsJoined: true } ? NotInvited : null;

    private static bool IsCreate(ReadOnlySpan<byte> payload) => RoomControl.Decode(payload, out _) is { Verb: ControlVerb.Create };

    private static ControlRefusal? CheckWithoutServices(ReadOnlySpan<byte> payload) =>
        RoomControl.Decode(payload, out _) is { Verb: ControlVerb.Subscribe or ControlVerb.Unsubscribe or ControlVerb.Invite } control
            ? new ControlRefusal(ErrorCode.BadArgument, $"there is no verb {(byte)control.Verb} where a session has not agreed to services")
            : null;

    private static ControlRefusal? CheckConsent(IReadOnlySet<string> consents, ReadOnlySpan<byte> payload) =>
        RoomControl.Decode(payload, out _) is { Verb: ControlVerb.Subscribe } control && TopicName.ServiceOf(control.Topic) is var service && !consents.Contains(service)
            ? Commands.RefuseWithoutConsent(service)
            : null;
}
