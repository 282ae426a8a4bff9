using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Encodes a body from fields in the form of <c>protocol/vectors</c>.</summary>
internal static class BodyFromJson
{
    /// <summary>Encodes; false when <paramref name="destination"/> is too small.</summary>
    public static bool TryEncode(FrameType type, JsonObject? fields, Span<byte> destination, out int writtenBytes)
    {
        writtenBytes = 0;
        return fields is null || (type switch
        {
            FrameType.Hello => new HelloBody
            {
                VersionMin = Small(fields["version_min"]),
                VersionMax = Small(fields["version_max"]),
                Capabilities = Names(fields["capabilities"]),
                Agent = Text(fields["agent"]),
            }.TryEncode(destination, out writtenBytes),
            FrameType.Auth => new AuthBody { Token = Text(fields["token"]) }.TryEncode(destination, out writtenBytes),
            FrameType.Welcome => Welcome(fields).TryEncode(destination, out writtenBytes),
            FrameType.Close => new CloseBody
            {
                Code = (ErrorCode)Small(fields["code"]),
                Text = Text(fields["text"]),
                BackoffMilliseconds = Small(fields["backoff_ms"]),
            }.TryEncode(destination, out writtenBytes),
            FrameType.Error => new ErrorBody
            {
                Code = (ErrorCode)Small(fields["code"]),
                Text = Text(fields["text"]),
                RetryAfterMilliseconds = Small(fields["retry_after_ms"]),
                Channel = Text(fields["channel"]),
                Number = fields["number"] is { } number ? Wide(number) : null,
            }.TryEncode(destination, out writtenBytes),
            FrameType.Draining => new DrainingBody
            {
                MoveAfterMilliseconds = Small(fields["move_after_ms"]),
                DeadlineMilliseconds = Small(fields["deadline_ms"]),
            }.TryEncode(destination, out writtenBytes),
            FrameType.Join => Join(fields).TryEncode(destination, out writtenBytes),
            FrameType.Joined => new JoinedBody
            {
                Channel = Text(fields["channel"]),
                From = Place(fields["from"]),
                Top = Place(fields["top"]),
            }.TryEncode(destination, out writtenBytes),
            FrameType.Leave => new ChannelBody { Channel = Text(fields["channel"]) }.TryEncode(destination, out writtenBytes),
            FrameType.Left => new LeftBody
            {
                Channel = Text(fields["channel"]),
                Code = fields["code"] is { } code ? (ErrorCode)Small(code) : ErrorCode.None,
            }.TryEncode(destination, out writtenBytes),
            FrameType.Publish => new PublishBody
            {
                Channel = Text(fields["channel"]),
                ProducerId = Wide(fields["producer_id"]),
                Number = Wide(fields["number"]),
                Kind = (MessageKind)Small(fields["kind"]),
                Payload = Payload(fields["payload"]),
            }.TryEncode(destination, out writtenBytes),
            FrameType.PubAck => PubAck(fields).TryEncode(destination, out writtenBytes),
            FrameType.Deliver => Deliver(fields).TryEncode(destination, out writtenBytes),
            FrameType.Gap => new GapBody
            {
                Channel = Text(fields["channel"]),
                After = Place(fields["after"]),
                Until = Place(fields["until"]),
                Reason = (GapReason)Small(fields["reason"]),
            }.TryEncode(destination, out writtenBytes),
            >= FrameType.Command and <= FrameType.Service => ServiceBodyFromJson.TryEncode(type, fields, destination, out writtenBytes),
            >= FrameType.Query and <= FrameType.Reactions => RoomBodyFromJson.TryEncode(type, fields, destination, out writtenBytes),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "has no body"),
        });
    }

    private static WelcomeBody Welcome(JsonObject fields) => new()
    {
        Version = Small(fields["version"]),
        Capabilities = Names(fields["capabilities"]),
        Server = Text(fields["server"]),
        SessionId = Wide(fields["session_id"]),
        UserId = Text(fields["user_id"]),
        HeartbeatMilliseconds = Small(fields["heartbeat_ms"]),
        IdleTimeoutMilliseconds = Small(fields["idle_timeout_ms"]),
        ClientFrameBytesMax = Small(fields["client_frame_bytes_max"]),
        ServerFrameBytesMax = Small(fields["server_frame_bytes_max"]),
        PayloadBytesMax = Small(fields["payload_bytes_max"]),
        ChannelsMax = Small(fields["channels_max"]),
        PublishWindowMessages = Small(fields["publish_window_messages"]),
    };

    private static JoinBody Join(JsonObject fields)
    {
        var body = new JoinBody { Channel = Text(fields["channel"]) };
        switch (fields["start"])
        {
            case null:
                body.Start = JoinStart.Live;
                break;
            case JsonObject position:
                body.Start = JoinStart.Resume;
                body.Position = Place(position);
                break;
            case JsonNode count:
                body.Start = JoinStart.LastMessages;
                body.LastMessages = Small(count);
                break;
        }

        body.Observe = fields["observe"] is { } observe && Small(observe) == 1;
        body.Positions = Places(fields["positions"]);
        return body;
    }

    private static PubAckBody PubAck(JsonObject fields)
    {
        JsonArray acks = fields["acks"]!.AsArray();
        var pairs = new byte[acks.Count * MessagePackWriter.IntegerBytesMax];
        var writer = new MessagePackWriter(pairs);
        foreach (JsonNode? value in acks)
        {
            writer.WriteUInt64(Wide(value));
        }

        return new PubAckBody
        {
            Channel = Text(fields["channel"]),
            ProducerId = Wide(fields["producer_id"]),
            Log = new Position(Wide(fields["generation"]), Small(fields["partition"]), Wide(fields["epoch"]), 0),
            Count = acks.Count / 2,
            EncodedPairs = pairs.AsSpan(0, writer.WrittenBytes),
        };
    }

    private static DeliverBody Deliver(JsonObject fields)
    {
        JsonArray messages = fields["messages"]!.AsArray();
        var encoded = new List<byte>();
        foreach (JsonNode? entry in messages)
        {
            var message = new DeliverMessage
            {
                Kind = (MessageKind)Small(entry!["kind"]),
                From = Text(entry["from"]),
                ProducerId = Wide(entry["producer_id"]),
                Number = Wide(entry["number"]),
                Payload = Payload(entry["payload"]),
            };
            var buffer = new byte[DeliverMessage.OverheadBytesMax + message.From.Length + message.Payload.Length];
            Assert.True(message.TryEncode(buffer, out int writtenBytes), "OverheadBytesMax is too small");
            encoded.AddRange(buffer.AsSpan(0, writtenBytes));
        }

        return new DeliverBody
        {
            Channel = Text(fields["channel"]),
            First = new Position(
                Wide(fields["generation"]), Small(fields["partition"]), Wide(fields["epoch"]), Wide(fields["first_seq"])),
            AtMilliseconds = Wide(fields["at_ms"]),
            Count = messages.Count,
            EncodedMessages = encoded.ToArray(),
        };
    }

    internal static byte[] Text(JsonNode? node) => node is null ? [] : Encoding.UTF8.GetBytes(node.GetValue<string>());

    internal static uint Small(JsonNode? node) => uint.Parse(node!.ToString(), CultureInfo.InvariantCulture);

    internal static ulong Wide(JsonNode? node) => ulong.Parse(node!.ToString(), CultureInfo.InvariantCulture);

    private static byte[] Payload(JsonNode? node) =>
        node!["str"] is { } text ? Text(text) : Convert.FromHexString(node["bin"]!.GetValue<string>());

    private static Capabilities Names(JsonNode? node) => node!.AsArray().Aggregate(
        Capabilities.None, (found, name) => found | Enum.Parse<Capabilities>(name!.GetValue<string>(), ignoreCase: true));

    private static EncodedList<Position> Places(JsonNode? node)
    {
        JsonArray places = node?.AsArray() ?? [];
        var encoded = new byte[places.Count * Position.EncodedBytesMax];
        int used = 0;
        foreach (JsonNode? place in places)
        {
            Assert.True(Place(place).TryEncode(encoded.AsSpan(used), out int writtenBytes));
            used += writtenBytes;
        }

        return new EncodedList<Position>(encoded.AsSpan(0, used), places.Count);
    }

    private static Position Place(JsonNode? node) => new(
        Wide(node!["generation"]), Small(node["partition"]), Wide(node["epoch"]), Wide(node["seq"]));
}
