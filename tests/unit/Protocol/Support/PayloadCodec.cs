using System.Text.Json.Nodes;
using RelayServer.Protocol;
using static RelayServer.UnitTests.Protocol.Support.BodyFromJson;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>The payloads that have a shape of their own, chosen by kind: decoded, encoded again, and as fields of the vectors.</summary>
internal static class PayloadCodec
{
    public static DecodeStatus Decode(MessageKind kind, ReadOnlySpan<byte> payload) => kind switch
    {
        MessageKind.Update => UpdatePayload.TryDecode(payload, out _),
        MessageKind.Result => ResultPayload.TryDecode(payload, out _),
        MessageKind.Subscription => SubscriptionPayload.TryDecode(payload, out _),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no shape"),
    };

    /// <summary>Decodes and encodes again; false when the payload is malformed or the destination too small.</summary>
    public static bool TryReencode(MessageKind kind, ReadOnlySpan<byte> payload, Span<byte> destination, out int writtenBytes)
    {
        writtenBytes = 0;
        return kind switch
        {
            MessageKind.Update =>
                UpdatePayload.TryDecode(payload, out UpdatePayload b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            MessageKind.Result =>
                ResultPayload.TryDecode(payload, out ResultPayload b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            MessageKind.Subscription =>
                SubscriptionPayload.TryDecode(payload, out SubscriptionPayload b) == DecodeStatus.Ok && b.TryEncode(destination, out writtenBytes),
            _ => false,
        };
    }

    public static DecodeStatus Decode(MessageKind kind, ReadOnlySpan<byte> payload, out JsonObject fields)
    {
        fields = [];
        return kind switch
        {
            MessageKind.Update => Update(payload, fields),
            MessageKind.Result => Result(payload, fields),
            _ => Subscription(payload, fields),
        };
    }

    public static bool TryEncode(MessageKind kind, JsonObject fields, Span<byte> destination, out int writtenBytes) => kind switch
    {
        MessageKind.Update => new UpdatePayload
        {
            Service = Text(fields["service"]),
            Topic = Text(fields["topic"]),
            Subjects = CardJson.Subjects(fields["subjects"]),
            Card = CardJson.FromJson(fields["card"]),
        }.TryEncode(destination, out writtenBytes),
        MessageKind.Result => new ResultPayload
        {
            Service = Text(fields["service"]),
            Verb = Text(fields["verb"]),
            Item = Text(fields["item"]),
            Text = Text(fields["text"]),
            Card = CardJson.FromJson(fields["card"]),
            HasCard = fields["card"] is not null,
        }.TryEncode(destination, out writtenBytes),
        _ => new SubscriptionPayload
        {
            Event = (SubscriptionEvent)Small(fields["event"]),
            Topic = Text(fields["topic"]),
            ExpiresAtMilliseconds = Wide(fields["expires_at_ms"]),
        }.TryEncode(destination, out writtenBytes),
    };

    private static DecodeStatus Update(ReadOnlySpan<byte> payload, JsonObject fields)
    {
        DecodeStatus status = UpdatePayload.TryDecode(payload, out UpdatePayload b);
        fields["service"] = BodyToJson.Text(b.Service);
        fields["topic"] = BodyToJson.Text(b.Topic);
        fields["subjects"] = CardJson.Subjects(b.Subjects);
        fields["card"] = CardJson.ToJson(b.Card, isThere: true);
        return status;
    }

    private static DecodeStatus Result(ReadOnlySpan<byte> payload, JsonObject fields)
    {
        DecodeStatus status = ResultPayload.TryDecode(payload, out ResultPayload b);
        fields["service"] = BodyToJson.Text(b.Service);
        fields["verb"] = BodyToJson.Text(b.Verb);
        fields["item"] = BodyToJson.Text(b.Item);
        fields["text"] = BodyToJson.Text(b.Text);
        fields["card"] = CardJson.ToJson(b.Card, b.HasCard);
        return status;
    }

    private static DecodeStatus Subscription(ReadOnlySpan<byte> payload, JsonObject fields)
    {
        DecodeStatus status = SubscriptionPayload.TryDecode(payload, out SubscriptionPayload b);
        fields["event"] = (byte)b.Event;
        fields["topic"] = BodyToJson.Text(b.Topic);
        fields["expires_at_ms"] = BodyToJson.Wide(b.ExpiresAtMilliseconds);
        return status;
    }
}
