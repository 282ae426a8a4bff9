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
            case FrameType.Leave or FrameType.Left: return ChannelBody.TryDecode(body, out _);
            case FrameType.Publish: return PublishBody.TryDecode(body, out _);
            case FrameType.PubAck: return PubAckBody.TryDecode(body, out _);
            case FrameType.Deliver: return DeliverBody.TryDecode(body, out _);
            case FrameType.Gap: return GapBody.TryDecode(body, out _);
            default: return body.IsEmpty ? DecodeStatus.Ok : DecodeStatus.TrailingBytes;
        }
    }

    /// <summary>
    /// Decodes and encodes again; false when the body is malformed, a HELLO of another magic, or the destination
    /// too small.
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
            FrameType.Leave or FrameType.Left =>
                ChannelBody.TryDecode(body, out ChannelBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Publish =>
                PublishBody.TryDecode(body, out PublishBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.PubAck =>
                PubAckBody.TryDecode(body, out PubAckBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Deliver =>
                DeliverBody.TryDecode(body, out DeliverBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            FrameType.Gap =>
                GapBody.TryDecode(body, out GapBody b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            _ => body.IsEmpty,
        };
    }

    /// <summary>Walks the nested messages or pairs of a body that has been decoded; returns how many there were.</summary>
    public static int Walk(FrameType type, ReadOnlySpan<byte> body)
    {
        int count = 0;
        if (type == FrameType.Deliver && DeliverBody.TryDecodeEnvelope(body, out DeliverBody deliver) == DecodeStatus.Ok)
        {
            foreach (DeliverMessage message in deliver)
            {
                count += message.Payload.Length >= 0 ? 1 : 0;
            }
        }
        else if (type == FrameType.PubAck && PubAckBody.TryDecode(body, out PubAckBody acks) == DecodeStatus.Ok)
        {
            foreach ((ulong _, ulong _) in acks)
            {
                count++;
            }
        }

        return count;
    }
}
