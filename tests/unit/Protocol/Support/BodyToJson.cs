using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>The decoded fields of a body, in the form of <c>protocol/vectors</c>.</summary>
internal static class BodyToJson
{
    /// <summary>Decodes a body; null fields for the frames without one.</summary>
    public static DecodeStatus Decode(FrameType type, ReadOnlySpan<byte> body, out JsonObject? fields)
    {
        fields = type is FrameType.Ping or FrameType.Pong ? null : [];
        return type switch
        {
            FrameType.Hello => Hello(body, fields!),
            FrameType.Auth => Auth(body, fields!),
            FrameType.Welcome => Welcome(body, fields!),
            FrameType.Close => Close(body, fields!),
            FrameType.Error => Error(body, fields!),
            FrameType.Draining => Draining(body, fields!),
            FrameType.Join => Join(body, fields!),
            FrameType.Joined => Joined(body, fields!),
            FrameType.Leave => Channel(body, fields!),
            FrameType.Left => Left(body, fields!),
            FrameType.Publish => Publish(body, fields!),
            FrameType.PubAck => PubAck(body, fields!),
            FrameType.Deliver => Deliver(body, fields!),
            FrameType.Gap => Gap(body, fields!),
            >= FrameType.Command and <= FrameType.Service => ServiceBodyToJson.Decode(type, body, fields!),
            >= FrameType.Query and <= FrameType.Reactions => RoomBodyToJson.Decode(type, body, fields!),
            _ => BodyDecoder.Decode(type, body),
        };
    }

    private static DecodeStatus Hello(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = HelloBody.TryDecode(body, out HelloBody b);
        fields["magic"] = b.MagicMatches ? Text(HelloBody.Magic) : null;
        fields["version_min"] = b.VersionMin;
        fields["version_max"] = b.VersionMax;
        fields["capabilities"] = Names(b.Capabilities);
        fields["agent"] = Text(b.Agent);
        return status;
    }

    private static DecodeStatus Auth(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = AuthBody.TryDecode(body, out AuthBody b);
        fields["token"] = Text(b.Token);
        return status;
    }

    private static DecodeStatus Welcome(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = WelcomeBody.TryDecode(body, out WelcomeBody b);
        fields["version"] = b.Version;
        fields["capabilities"] = Names(b.Capabilities);
        fields["server"] = Text(b.Server);
        fields["session_id"] = Wide(b.SessionId);
        fields["user_id"] = Text(b.UserId);
        fields["heartbeat_ms"] = b.HeartbeatMilliseconds;
        fields["idle_timeout_ms"] = b.IdleTimeoutMilliseconds;
        fields["client_frame_bytes_max"] = b.ClientFrameBytesMax;
        fields["server_frame_bytes_max"] = b.ServerFrameBytesMax;
        fields["payload_bytes_max"] = b.PayloadBytesMax;
        fields["channels_max"] = b.ChannelsMax;
        fields["publish_window_messages"] = b.PublishWindowMessages;
        return status;
    }

    private static DecodeStatus Close(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = CloseBody.TryDecode(body, out CloseBody b);
        fields["code"] = (ushort)b.Code;
        fields["text"] = Text(b.Text);
        fields["backoff_ms"] = b.BackoffMilliseconds;
        return status;
    }

    private static DecodeStatus Error(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = ErrorBody.TryDecode(body, out ErrorBody b);
        fields["code"] = (ushort)b.Code;
        fields["text"] = Text(b.Text);
        fields["retry_after_ms"] = b.RetryAfterMilliseconds;
        fields["channel"] = b.Channel.IsEmpty ? null : Text(b.Channel);
        fields["number"] = b.Number is { } number ? Wide(number) : null;
        return status;
    }

    private static DecodeStatus Draining(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = DrainingBody.TryDecode(body, out DrainingBody b);
        fields["move_after_ms"] = b.MoveAfterMilliseconds;
        fields["deadline_ms"] = b.DeadlineMilliseconds;
        return status;
    }

    private static DecodeStatus Join(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = JoinBody.TryDecode(body, out JoinBody b);
        fields["channel"] = Text(b.Channel);
        fields["start"] = b.Start switch
        {
            JoinStart.LastMessages => b.LastMessages,
            JoinStart.Resume => Place(b.Position),
            _ => null,
        };
        if (b.Observe || b.Positions.Count > 0)
        {
            fields["observe"] = b.Observe ? 1 : 0;
        }

        if (b.Positions.Count > 0)
        {
            var positions = new JsonArray();
            foreach (Position position in b.Positions)
            {
                positions.Add((JsonNode)Place(position));
            }

            fields["positions"] = positions;
        }

        return status;
    }

    private static DecodeStatus Joined(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = JoinedBody.TryDecode(body, out JoinedBody b);
        fields["channel"] = Text(b.Channel);
        fields["from"] = Place(b.From);
        fields["top"] = Place(b.Top);
        return status;
    }

    private static DecodeStatus Channel(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = ChannelBody.TryDecode(body, out ChannelBody b);
        fields["channel"] = Text(b.Channel);
        return status;
    }

    private static DecodeStatus Left(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = LeftBody.TryDecode(body, out LeftBody b);
        fields["channel"] = Text(b.Channel);
        if (b.Code != ErrorCode.None)
        {
            fields["code"] = (ushort)b.Code;
        }

        return status;
    }

    private static DecodeStatus Publish(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = PublishBody.TryDecode(body, out PublishBody b);
        fields["channel"] = Text(b.Channel);
        fields["producer_id"] = Wide(b.ProducerId);
        fields["number"] = Wide(b.Number);
        fields["kind"] = (byte)b.Kind;
        fields["payload"] = Payload(b.Kind, b.Payload);
        return status;
    }

    private static DecodeStatus PubAck(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = PubAckBody.TryDecode(body, out PubAckBody b);
        fields["channel"] = Text(b.Channel);
        fields["producer_id"] = Wide(b.ProducerId);
        fields["generation"] = Wide(b.Log.Generation);
        fields["partition"] = b.Log.Partition;
        fields["epoch"] = Wide(b.Log.Epoch);
        var acks = new JsonArray();
        foreach ((ulong number, ulong seq) in b)
        {
            acks.Add(Wide(number));
            acks.Add(Wide(seq));
        }

        fields["acks"] = acks;
        return status;
    }

    private static DecodeStatus Deliver(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = DeliverBody.TryDecode(body, out DeliverBody b);
        fields["channel"] = Text(b.Channel);
        fields["generation"] = Wide(b.First.Generation);
        fields["partition"] = b.First.Partition;
        fields["epoch"] = Wide(b.First.Epoch);
        fields["first_seq"] = Wide(b.First.Seq);
        fields["at_ms"] = Wide(b.AtMilliseconds);
        var messages = new JsonArray();
        foreach (DeliverMessage message in b)
        {
            messages.Add((JsonNode)new JsonObject
            {
                ["kind"] = (byte)message.Kind,
                ["from"] = Text(message.From),
                ["producer_id"] = Wide(message.ProducerId),
                ["number"] = Wide(message.Number),
                ["payload"] = Payload(message.Kind, message.Payload),
            });
        }

        fields["messages"] = messages;
        return status;
    }

    private static DecodeStatus Gap(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = GapBody.TryDecode(body, out GapBody b);
        fields["channel"] = Text(b.Channel);
        fields["after"] = Place(b.After);
        fields["until"] = Place(b.Until);
        fields["reason"] = (byte)b.Reason;
        return status;
    }

    internal static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    internal static string Wide(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static JsonArray Names(Capabilities capabilities) =>
        [.. Enum.GetValues<Capabilities>().Where(one => one != Capabilities.None && capabilities.HasFlag(one))
            .Select(one => (JsonNode)one.ToString().ToLowerInvariant())];

    private static JsonObject Payload(MessageKind kind, ReadOnlySpan<byte> payload) => kind == MessageKind.Text
        ? new JsonObject { ["str"] = Text(payload) }
        : new JsonObject { ["bin"] = Convert.ToHexStringLower(payload) };

    private static JsonObject Place(Position position) => new()
    {
        ["generation"] = Wide(position.Generation),
        ["partition"] = position.Partition,
        ["epoch"] = Wide(position.Epoch),
        ["seq"] = Wide(position.Seq),
    };
}
