using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Every decoder and encoder of the codec, chosen by frame type. Allocates nothing itself.</summary>
internal static class BodyDecoder
{
    /// <summary>The types that have a body.</summary>
    public static IReadOnlyList<FrameType> Types { get; } =
        [.. Enum.GetValues<FrameType>().Where(type => type is not (FrameType.Ping or FrameType.Pong))];

    /// <summary>Decodes a body to the end, walking nested messages too.</summary>
    public static DecodeStatus Decode(FrameType type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrameType.Hello: return HelloBody.TryDecode(body, out _);
            case FrameType.Auth: return AuthBody.TryDecode(body, out _);
            case FrameType.Welcome: return WelcomeBody.TryDecode(body, out _);
            case FrameType.Close: return CloseBody.TryDecode(body, out _);
            case FrameType.Error: return ErrorBody.TryDecode(body, out _);
            case FrameType.Draining: return DrainingBody.TryDecode(body, out _);
            case FrameType.Join: return JoinBody.TryDecode(body, out _);
            case FrameType.Joined: return JoinedBody.TryDecode(body, out _);
            case FrameType.Leave: return ChannelBody.TryDecode(body, out _);
            case FrameType.Left: return LeftBody.TryDecode(body, out _);
            case FrameType.Publish: return PublishBody.TryDecode(body, out _);
            case FrameType.PubAck: return PubAckBody.TryDecode(body, out _);
            case FrameType.Deliver: return DeliverBody.TryDecode(body, out _);
            case FrameType.Gap: return GapBody.TryDecode(body, out _);
            case FrameType.Query: return QueryBody.TryDecode(body, out _);
            case FrameType.Answer: return Answer(body);
            case FrameType.Room: return StatusBody.TryDecodeRoom(body, out _);
            case FrameType.Command: return CommandBody.TryDecode(body, out _);
            case FrameType.Result: return ResultBody.TryDecode(body, out _);
            case FrameType.Register: return RegisterBody.TryDecode(body, out _);
            case FrameType.Registered: return RegisteredBody.TryDecode(body, out _);
            case FrameType.Call: return CallBody.TryDecode(body, out _);
            case FrameType.Return: return ReturnBody.TryDecode(body, out _);
            case FrameType.Service: return ServiceBody.TryDecode(body, out _);
            case FrameType.Counts: return CountsBody.TryDecode(body, out _);
            case FrameType.React: return ReactBody.TryDecode(body, out _);
            case FrameType.Reactions: return ReactionsBody.TryDecode(body, out _);
            default: return body.IsEmpty ? DecodeStatus.Ok : DecodeStatus.TrailingBytes;
        }
    }

    /// <summary>
    /// Decodes and encodes again; false when the body is malformed, a HELLO of another magic, an ANSWER of no known
    /// kind, or the destination too small.
    /// </summary>
    public static bool TryReencode(FrameType type, ReadOnlySpan<byte> body, Span<byte> destination, out int writtenBytes)
    {
        writtenBytes = 0;
        return type switch
        {
            FrameType.Hello =>
                HelloBody.TryDecode(body, out HelloBody b) == DecodeStatus.Ok
                && b.MagicMatches && b.TryEncode(destination, out writtenBytes),
            FrameType.Auth =>
                AuthBody.TryDecode(body, out AuthBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Welcome =>
                WelcomeBody.TryDecode(body, out WelcomeBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Close =>
                CloseBody.TryDecode(body, out CloseBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Error =>
                ErrorBody.TryDecode(body, out ErrorBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Draining =>
                DrainingBody.TryDecode(body, out DrainingBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Join =>
                JoinBody.TryDecode(body, out JoinBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Joined =>
                JoinedBody.TryDecode(body, out JoinedBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Leave =>
                ChannelBody.TryDecode(body, out ChannelBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Left =>
                LeftBody.TryDecode(body, out LeftBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Publish =>
                PublishBody.TryDecode(body, out PublishBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.PubAck =>
                PubAckBody.TryDecode(body, out PubAckBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Deliver =>
                DeliverBody.TryDecode(body, out DeliverBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Gap =>
                GapBody.TryDecode(body, out GapBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Query =>
                QueryBody.TryDecode(body, out QueryBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Answer => TryReencodeAnswer(body, destination, out writtenBytes),
            FrameType.Room =>
                StatusBody.TryDecodeRoom(body, out StatusBody b) == DecodeStatus.Ok && b.TryEncodeRoom(destination, out writtenBytes),
            FrameType.Command =>
                CommandBody.TryDecode(body, out CommandBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Result =>
                ResultBody.TryDecode(body, out ResultBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Register =>
                RegisterBody.TryDecode(body, out RegisterBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Registered =>
                RegisteredBody.TryDecode(body, out RegisteredBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Call =>
                CallBody.TryDecode(body, out CallBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Return =>
                ReturnBody.TryDecode(body, out ReturnBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Service =>
                ServiceBody.TryDecode(body, out ServiceBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Counts =>
                CountsBody.TryDecode(body, out CountsBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.React =>
                ReactBody.TryDecode(body, out ReactBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Reactions =>
                ReactionsBody.TryDecode(body, out ReactionsBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            _ => body.IsEmpty,
        };
    }

    /// <summary>Walks the lists of a body; returns how many elements there were.</summary>
    public static int Walk(FrameType type, ReadOnlySpan<byte> body)
    {
        int count = 0;
        switch (type)
        {
            case FrameType.Deliver when DeliverBody.TryDecodeEnvelope(body, out DeliverBody deliver) == DecodeStatus.Ok:
                foreach (DeliverMessage message in deliver)
                {
                    count += 1 + ServiceBodyWalk.Walk(message.Kind, message.Payload);
                }

                return count;
            case FrameType.Publish when PublishBody.TryDecode(body, out PublishBody publish) == DecodeStatus.Ok:
                return ServiceBodyWalk.Walk(publish.Kind, publish.Payload);
            case FrameType.PubAck when PubAckBody.TryDecode(body, out PubAckBody acks) == DecodeStatus.Ok:
                foreach ((ulong _, ulong _) in acks)
                {
                    count++;
                }

                return count;
            case FrameType.Join when JoinBody.TryDecode(body, out JoinBody join) == DecodeStatus.Ok:
                foreach (Position position in join.Positions)
                {
                    count += position.Seq <= ProtocolLimits.NumberMax ? 1 : 0;
                }

                return count;
            default:
                return RoomBodyWalk.Walk(type, body);
        }
    }

    private static DecodeStatus Answer(ReadOnlySpan<byte> body)
    {
        DecodeStatus status = AnswerBody.TryDecodeKind(body, out QueryKind what);
        return status != DecodeStatus.Ok ? status : what switch
        {
            QueryKind.Status => StatusBody.TryDecodeAnswer(body, out _),
            QueryKind.Members => MembersBody.TryDecode(body, out _),
            QueryKind.Rooms => RoomListBody.TryDecode(body, out _),
            QueryKind.Restrictions => RestrictionListBody.TryDecode(body, out _),
            QueryKind.Menu => MenuBody.TryDecode(body, out _),
            QueryKind.Subscriptions => SubscriptionListBody.TryDecode(body, out _),
            _ => DecodeStatus.Ok,
        };
    }

    private static bool TryReencodeAnswer(ReadOnlySpan<byte> body, Span<byte> destination, out int writtenBytes)
    {
        writtenBytes = 0;
        return AnswerBody.TryDecodeKind(body, out QueryKind what) == DecodeStatus.Ok && what switch
        {
            QueryKind.Status =>
                StatusBody.TryDecodeAnswer(body, out StatusBody b) == DecodeStatus.Ok && b.TryEncodeAnswer(destination, out writtenBytes),
            QueryKind.Members =>
                MembersBody.TryDecode(body, out MembersBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            QueryKind.Rooms =>
                RoomListBody.TryDecode(body, out RoomListBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            QueryKind.Restrictions =>
                RestrictionListBody.TryDecode(body, out RestrictionListBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            QueryKind.Menu =>
                MenuBody.TryDecode(body, out MenuBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            QueryKind.Subscriptions =>
                SubscriptionListBody.TryDecode(body, out SubscriptionListBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            _ => false,
        };
    }
}
