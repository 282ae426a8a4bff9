using RelayServer.Edge.Hosting;
using RelayServer.Edge.Rooms;
using RelayServer.Edge.Services;
using RelayServer.Edge.Transport;
using RelayServer.Edge.Upstream;
using RelayServer.Fabric;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Edge.Sessions;

/// <summary>What a welcomed session may say, and what is answered. Refusals end the request, violations the session.</summary>
internal sealed class SessionFrames(
    EdgeOptions options, IEdgeEffects effects, EdgeCounters counters, Refusals refusals, UpstreamRouter upstream, RoomTable rooms, Queries queries,
    ServiceSessions services)
{
    private const ulong ReactionRefusalMillisecondsMin = 1000;

    private static readonly ControlRefusal s_badFlags = new(ErrorCode.BadFlags, "an ephemeral message has no ack, and HELLO must offer the capability");
    private static readonly ControlRefusal s_noSuchRoom = new(ErrorCode.BadChannelName, "there is no room of such a name");
    private static readonly ControlRefusal s_notJoined = new(ErrorCode.NotJoined, "join the room first, and wait for JOINED");

    private readonly RateLimit _controls = RateLimit.Of(options.ControlsPerSecondMax);
    private readonly RateLimit _joins = new(options.JoinsPerSecondMax, Math.Max(options.JoinsPerSecondMax, options.ChannelsPerSessionMax));
    private readonly PublishRate _rate = new(options);
    private readonly RateLimit _reactions = RateLimit.Of(options.ReactionsPerSecondMax);

    public void Take(EdgeSession session, FrameHeader header, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        switch (header.Type)
        {
            case >= FrameType.Query and <= FrameType.Room or >= FrameType.Counts and <= FrameType.Reactions
                when !session.Capabilities.HasFlag(Capabilities.Rooms):
                Close(session, ErrorCode.UnknownFrameType, "this session has not agreed to rooms"u8);
                break;
            case >= FrameType.Command and <= FrameType.Service when !session.Capabilities.HasFlag(Capabilities.Services):
                Close(session, ErrorCode.UnknownFrameType, "this session has not agreed to services"u8);
                break;
            case FrameType.Command or FrameType.Register or FrameType.Return:
                services.Take(session, header, body, nowMilliseconds, Close);
                break;
            case FrameType.Query:
                Query(session, header, body, nowMilliseconds);
                break;
            case FrameType.React:
                React(session, header, body, nowMilliseconds);
                break;
            case FrameType.Publish:
                Publish(session, header, body, nowMilliseconds);
                break;
            case FrameType.Join:
                Join(session, header, body, nowMilliseconds);
                break;
            case FrameType.Leave:
                Leave(session, header, body, nowMilliseconds);
                break;
            case FrameType.Ping or FrameType.Pong or FrameType.Close when header.Flags != FrameFlags.None:
                Close(session, ErrorCode.BadFlags, "this frame type has no flags"u8);
                break;
            case FrameType.Ping or FrameType.Pong when body.Length > 0:
                Close(session, ErrorCode.MalformedBody, "PING and PONG have no body"u8);
                break;
            case FrameType.Ping:
                effects.Send(session, SharedFrame.Create(FrameType.Pong, FrameFlags.None, header.Correlation, default));
                break;
            case FrameType.Pong:
                break;
            case FrameType.Close:
                session.IsClosed = true;
                effects.End(session);
                break;
            case var type when Enum.IsDefined(type):
                Close(session, ErrorCode.IllegalState, "this frame is not legal after WELCOME from a client"u8);
                break;
            default:
                Close(session, ErrorCode.UnknownFrameType, "protocol version 1 does not have this frame type"u8);
                break;
        }
    }

    public void Close(EdgeSession session, ErrorCode code, ReadOnlySpan<byte> text)
    {
        session.IsClosed = true;
        counters.CountClose(code);
        effects.Close(session, code, text);
    }

    private void Query(EdgeSession session, FrameHeader header, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (header.Flags != FrameFlags.None)
        {
            Close(session, ErrorCode.BadFlags, "QUERY has no flags"u8);
        }
        else if (QueryBody.TryDecode(body, out QueryBody query) != DecodeStatus.Ok)
        {
            Close(session, ErrorCode.MalformedBody, "the body of QUERY could not be read"u8);
        }
        else
        {
            queries.Ask(session, header.Correlation, query, body, nowMilliseconds);
        }
    }

    private void React(EdgeSession session, FrameHeader header, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (header.Flags != FrameFlags.None)
        {
            Close(session, ErrorCode.BadFlags, "REACT has no flags"u8);
        }
        else if (ReactBody.TryDecode(body, out ReactBody react) != DecodeStatus.Ok)
        {
            Close(session, ErrorCode.MalformedBody, "the body of REACT could not be read"u8);
        }
        else if (session.Reactions.Wait(_reactions, CostOf(react), nowMilliseconds) is > 0 and uint wait)
        {
            counters.ReactionsDropped += react.Count;
            RefuseReactions(session, header.Correlation, react.Channel, wait, nowMilliseconds);
        }
        else
        {
            // Also for what is refused below: an answer costs more than a reaction.
            session.Reactions.Take(_reactions, CostOf(react), nowMilliseconds);
            React(session, header.Correlation, react, nowMilliseconds);
        }
    }

    private static long CostOf(in ReactBody react) => Math.Max(1L, react.Count);

    private void React(EdgeSession session, uint correlation, in ReactBody react, ulong nowMilliseconds)
    {
        if (session.Find(react.Channel) is not { IsJoined: true } member)
        {
            if (rooms.KeptOut(session, react.Channel, nowMilliseconds) is { } keptOut)
            {
                refusals.Refuse(session, correlation, keptOut, react.Channel);
                return;
            }

            refusals.Refuse(session, correlation, ErrorCode.NotJoined, "join the room first, and wait for JOINED"u8, react.Channel);
        }
        else if (member.Room.State?.MayReact(session.UserId, session.Role, nowMilliseconds) is { } refusal)
        {
            refusals.Refuse(session, correlation, refusal, react.Channel);
        }
        else
        {
            counters.Reactions += react.Count;
            rooms.Reactions.Add(member.Room, react.Reaction, react.Count);
        }
    }

    // Nobody waits for an answer to a heart: that there are too many is worth saying now and then only.
    private void RefuseReactions(EdgeSession session, uint correlation, ReadOnlySpan<byte> channel, uint waitMilliseconds, ulong nowMilliseconds)
    {
        if (nowMilliseconds >= session.ReactionRefusalDueMilliseconds)
        {
            session.ReactionRefusalDueMilliseconds = nowMilliseconds + ReactionRefusalMillisecondsMin;
            refusals.Refuse(
                session, correlation, ErrorCode.RateLimited, "too many reactions; slow down"u8, channel, retryAfterMilliseconds: waitMilliseconds);
        }
    }

    private void Join(EdgeSession session, FrameHeader header, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (header.Flags != FrameFlags.None)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.BadFlags, "JOIN has no flags"u8);
        }
        else if (JoinBody.TryDecode(body, out JoinBody join) != DecodeStatus.Ok)
        {
            Close(session, ErrorCode.MalformedBody, "the body of JOIN could not be read"u8);
        }
        else if (!IsKnown(session, join.Channel))
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.BadChannelName,
                "a room's name is a letter or digit, then letters, digits, '.', '_' and '-', at most 128 in all"u8);
        }
        else if (!MayEnter(session, join.Channel))
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.Forbidden, "an inbox is its user's; to topics rooms and inboxes subscribe"u8, join.Channel);
        }
        else if (session.Find(join.Channel) is not null)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.AlreadyJoined, "this session is in that room already"u8, join.Channel);
        }
        else if (session.Memberships.Count >= options.ChannelsPerSessionMax)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.TooManyChannels, "leave a room before joining another"u8, join.Channel);
        }
        else if (!CanBe(join))
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.BadPosition, "no log has such a position"u8, join.Channel);
        }
        else if (session.Joins.Wait(_joins, 1, nowMilliseconds) is > 0 and uint wait)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.RateLimited, "too many JOINs; slow down"u8, join.Channel, retryAfterMilliseconds: wait);
        }
        else if (!rooms.HasRoomFor(join.Channel))
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.Overloaded, "this edge has no room for another member"u8, join.Channel);
        }
        else
        {
            session.Joins.Take(_joins, 1, nowMilliseconds);
            Enter(session, header.Correlation, join, nowMilliseconds);
        }
    }

    // Whoever does not know services knows of rooms only.
    private static bool IsKnown(EdgeSession session, ReadOnlySpan<byte> channel) =>
        ChannelName.IsValid(channel) || (session.Capabilities.HasFlag(Capabilities.Services) && ChannelName.KindOf(channel) is not null);

    private static bool MayEnter(EdgeSession session, ReadOnlySpan<byte> channel) => ChannelName.KindOf(channel) switch
    {
        ChannelKind.Inbox => ChannelName.IsInboxOf(channel, session.UserId),
        ChannelKind.Topic => Permissions.Allows(session.Role, RoomVerb.Join, ChannelKind.Topic),
        _ => true,
    };

    // No store counts further, so asking one would fail for ever.
    private static bool CanBe(in JoinBody join)
    {
        foreach (Position position in join.Positions)
        {
            if (!CanBe(position))
            {
                return false;
            }
        }

        return CanBe(join.Position);
    }

    private static bool CanBe(Position position) => position.Epoch <= FabricLimits.NumberMax && position.Seq <= FabricLimits.NumberMax;

    private void Enter(EdgeSession session, uint correlation, in JoinBody join, ulong nowMilliseconds)
    {
        bool observes = join.Observe && session.Capabilities.HasFlag(Capabilities.Rooms);
        Position[] positions = [];
        if (observes && join.Positions.Count > 0)
        {
            var others = new List<Position>(join.Positions.Count);
            foreach (Position position in join.Positions)
            {
                others.Add(position);
            }

            positions = [.. others];
        }

        var request = new JoinRequest
        {
            Correlation = correlation,
            Start = join.Start,
            LastMessages = (int)join.LastMessages,
            Position = join.Position,
            Positions = positions,
            BeganAtMilliseconds = nowMilliseconds,
        };
        EdgeRoom room = rooms.GetOrOpen(join.Channel, nowMilliseconds);
        rooms.Join(new Membership(session, room, request) { IsObserver = observes }, nowMilliseconds);
    }

    private void Leave(EdgeSession session, FrameHeader header, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (header.Flags != FrameFlags.None)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.BadFlags, "LEAVE has no flags"u8);
        }
        else if (ChannelBody.TryDecode(body, out ChannelBody leave) != DecodeStatus.Ok)
        {
            Close(session, ErrorCode.MalformedBody, "the body of LEAVE could not be read"u8);
        }
        else if (session.Find(leave.Channel) is { } member)
        {
            if (member.Request is { } request)
            {
                refusals.Refuse(session, request.Correlation, ErrorCode.NotJoined, "the session left before it had joined"u8, leave.Channel);
            }

            rooms.Leave(member, nowMilliseconds);
            effects.Send(session, ServerFrames.Left(header.Correlation, leave.Channel));
        }
        else
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.NotJoined, "this session is not in that room"u8, leave.Channel);
        }
    }

    private void Publish(EdgeSession session, FrameHeader header, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        if (PublishBody.TryDecode(body, out PublishBody publish) != DecodeStatus.Ok)
        {
            Close(session, ErrorCode.MalformedBody, "the body of PUBLISH could not be read"u8);
            return;
        }

        bool hasServices = session.Capabilities.HasFlag(Capabilities.Services);
        bool isUpdate = publish.Kind == MessageKind.Update;
        bool isControl = publish.Kind == MessageKind.Control;
        if ((isControl && !session.Capabilities.HasFlag(Capabilities.Rooms)) || (isUpdate && !hasServices))
        {
            Close(session, ErrorCode.MalformedBody, "this session has not agreed to what has this kind of message"u8);
            return;
        }

        if (publish.Kind == MessageKind.Text && hasServices && TypedCommand.IsCommand(publish.Payload) && (header.Flags & ~(FrameFlags.AckWanted | FrameFlags.Ephemeral)) == 0)
        {
            services.TakeLine(session, header, publish, nowMilliseconds);
            return;
        }

        // Members whom their room's state keeps out have been put out already.
        Membership? member = session.Find(publish.Channel) is { IsJoined: true } joined ? joined : null;
        bool ackWanted = header.Flags.HasFlag(FrameFlags.AckWanted);
        if (CheckPlace(session, header.Flags, publish, member, nowMilliseconds) is { } refusal)
        {
            ReadOnlySpan<byte> channel = refusal.Code == ErrorCode.BadChannelName ? default : publish.Channel;
            refusals.Refuse(session, header.Correlation, refusal, channel, publish.Number);
        }
        else if (publish.Payload.Length > options.PayloadBytesMax)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.PayloadTooLarge, "the payload is above the limit told in WELCOME"u8, publish.Channel, publish.Number);
        }
        else if (ackWanted && session.Unanswered >= _rate.WindowMessages)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.PublishWindowExceeded, "wait for acks before sending more"u8, publish.Channel, publish.Number);
        }
        else if (_rate.Wait(session, body.Length, nowMilliseconds) is > 0 and uint wait)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.RateLimited, "too much in a second; slow down"u8, publish.Channel, publish.Number, wait);
        }
        else if (isControl && !session.IsTrusted && session.Controls.Wait(_controls, 1, nowMilliseconds) is > 0 and uint pause)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.RateLimited, "too many changes of rooms in a second; slow down"u8, publish.Channel, publish.Number, pause);
        }
        else if (upstream.HeldBytes + body.Length > options.UpstreamBytesMax)
        {
            refusals.Refuse(session, header.Correlation, ErrorCode.Overloaded, "the masters are behind; try again"u8, publish.Channel, publish.Number);
        }
        else
        {
            if (isControl && !session.IsTrusted)
            {
                session.Controls.Take(_controls, 1, nowMilliseconds);
            }

            _rate.Take(session, body.Length, nowMilliseconds);
            session.Unanswered += ackWanted ? 1 : 0;
            Forward(session, header, publish, member, body, nowMilliseconds);
        }
    }

    // Whether it may be published there at all, and by this session.
    private ControlRefusal? CheckPlace(EdgeSession session, FrameFlags flags, in PublishBody publish, Membership? member, ulong nowMilliseconds)
    {
        const FrameFlags Known = FrameFlags.AckWanted | FrameFlags.Ephemeral;
        bool isForMembers = publish.Kind is not (MessageKind.Control or MessageKind.Update);
        bool isBad = (flags & ~Known) != 0
            || (flags.HasFlag(FrameFlags.Ephemeral)
                && (!isForMembers || flags.HasFlag(FrameFlags.AckWanted) || !session.Capabilities.HasFlag(Capabilities.Ephemeral)));
        return isBad ? s_badFlags
            : !isForMembers && !IsKnown(session, publish.Channel) ? s_noSuchRoom
            : ServiceSessions.CheckPublish(session, publish)
                ?? (member is null ? rooms.KeptOut(session, publish.Channel, nowMilliseconds) ?? (isForMembers ? s_notJoined : null) : null);
    }

    private void Forward(
        EdgeSession session, FrameHeader header, in PublishBody publish, Membership? member, ReadOnlySpan<byte> body, ulong nowMilliseconds)
    {
        counters.Publishes++;
        var record = new UpstreamRecord
        {
            Kind = UpstreamKind.Publish,
            Session = session.Id,
            Correlation = header.Correlation,
            Flags = header.Flags,
            UserId = session.UserId,
            Role = (byte)session.Role,
            PublishBody = body,
            ClientAddress = member is null ? rooms.AddressFor(session, publish.Channel) : null,
            Service = publish.Kind is MessageKind.Update or MessageKind.Control ? session.Service : default,
        };
        upstream.Add(record, member?.Room.Slot ?? Slot.Of(publish.Channel), nowMilliseconds);
    }
}
