using System.Text.Json.Nodes;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>The decoded fields of the bodies about services, in the form of <c>protocol/vectors</c>.</summary>
internal static class ServiceBodyToJson
{
    public static DecodeStatus Decode(FrameType type, ReadOnlySpan<byte> body, JsonObject fields) => type switch
    {
        FrameType.Command => Command(body, fields),
        FrameType.Result => Result(body, fields),
        FrameType.Register => Register(body, fields),
        FrameType.Registered => Registered(body, fields),
        FrameType.Call => Call(body, fields),
        FrameType.Return => Return(body, fields),
        FrameType.Service => Service(body, fields),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "is not about services"),
    };

    public static DecodeStatus Menu(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = MenuBody.TryDecode(body, out MenuBody b);
        fields["channel"] = Optional(b.Channel);
        var entries = new JsonArray();
        foreach (MenuEntry entry in b.Entries)
        {
            entries.Add((JsonNode)new JsonObject
            {
                ["kind"] = (byte)entry.Kind,
                ["name"] = BodyToJson.Text(entry.Name),
                ["title"] = BodyToJson.Text(entry.Title),
                ["description"] = BodyToJson.Text(entry.Description),
                ["flags"] = (byte)entry.Flags,
            });
        }

        fields["entries"] = entries;
        fields["more"] = b.HasMore ? 1 : 0;
        return status;
    }

    public static DecodeStatus Subscriptions(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = SubscriptionListBody.TryDecode(body, out SubscriptionListBody b);
        fields["channel"] = BodyToJson.Text(b.Channel);
        var subscriptions = new JsonArray();
        foreach (SubscriptionEntry subscription in b.Subscriptions)
        {
            subscriptions.Add((JsonNode)new JsonObject
            {
                ["topic"] = BodyToJson.Text(subscription.Topic),
                ["subjects"] = CardJson.Subjects(subscription.Subjects),
                ["expires_at_ms"] = BodyToJson.Wide(subscription.ExpiresAtMilliseconds),
                ["since_ms"] = BodyToJson.Wide(subscription.SinceMilliseconds),
                ["by"] = BodyToJson.Text(subscription.By),
            });
        }

        fields["subscriptions"] = subscriptions;
        fields["more"] = b.HasMore ? 1 : 0;
        return status;
    }

    private static DecodeStatus Command(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = CommandBody.TryDecode(body, out CommandBody b);
        fields["channel"] = Optional(b.Channel);
        fields["item"] = BodyToJson.Text(b.Item);
        fields["producer_id"] = BodyToJson.Wide(b.ProducerId);
        fields["number"] = BodyToJson.Wide(b.Number);
        fields["locale"] = BodyToJson.Text(b.Locale);
        fields["service"] = BodyToJson.Text(b.Service);
        fields["verb"] = BodyToJson.Text(b.Verb);
        fields["arguments"] = CardJson.Arguments(b.Arguments);
        return status;
    }

    private static DecodeStatus Result(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = ResultBody.TryDecode(body, out ResultBody b);
        fields["channel"] = Optional(b.Channel);
        fields["number"] = BodyToJson.Wide(b.Number);
        fields["service"] = BodyToJson.Text(b.Service);
        fields["verb"] = BodyToJson.Text(b.Verb);
        fields["text"] = BodyToJson.Text(b.Text);
        fields["card"] = CardJson.ToJson(b.Card, b.HasCard);
        return status;
    }

    private static DecodeStatus Register(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = RegisterBody.TryDecode(body, out RegisterBody b);
        fields["name"] = BodyToJson.Text(b.Name);
        fields["title"] = BodyToJson.Text(b.Title);
        fields["description"] = BodyToJson.Text(b.Description);
        fields["verbs"] = Verbs(b.Verbs);
        fields["topics"] = Topics(b.Topics);
        var texts = new JsonArray();
        foreach (LocaleTextEntry text in b.Texts)
        {
            texts.Add((JsonNode)new JsonObject
            {
                ["locale"] = BodyToJson.Text(text.Locale),
                ["key"] = BodyToJson.Text(text.Key),
                ["text"] = BodyToJson.Text(text.Text),
            });
        }

        fields["texts"] = texts;
        return status;
    }

    private static JsonArray Verbs(EncodedList<VerbEntry> verbs)
    {
        var array = new JsonArray();
        foreach (VerbEntry verb in verbs)
        {
            var parameters = new JsonArray();
            foreach (ParameterEntry parameter in verb.Parameters)
            {
                parameters.Add((JsonNode)new JsonObject
                {
                    ["name"] = BodyToJson.Text(parameter.Name),
                    ["summary"] = BodyToJson.Text(parameter.Summary),
                    ["kind"] = (byte)parameter.Kind,
                    ["optional"] = parameter.IsOptional ? 1 : 0,
                });
            }

            array.Add((JsonNode)new JsonObject
            {
                ["name"] = BodyToJson.Text(verb.Name),
                ["summary"] = BodyToJson.Text(verb.Summary),
                ["flags"] = (byte)verb.Flags,
                ["deadline_ms"] = verb.DeadlineMilliseconds,
                ["parameters"] = parameters,
            });
        }

        return array;
    }

    private static JsonArray Topics(EncodedList<TopicEntry> topics)
    {
        var array = new JsonArray();
        foreach (TopicEntry topic in topics)
        {
            var subjects = new JsonArray();
            foreach (TopicSubjectEntry subject in topic.Subjects)
            {
                subjects.Add((JsonNode)new JsonObject { ["name"] = BodyToJson.Text(subject.Name), ["title"] = BodyToJson.Text(subject.Title) });
            }

            array.Add((JsonNode)new JsonObject
            {
                ["name"] = BodyToJson.Text(topic.Name),
                ["title"] = BodyToJson.Text(topic.Title),
                ["open"] = topic.IsOpen ? 1 : 0,
                ["subjects"] = subjects,
            });
        }

        return array;
    }

    private static DecodeStatus Registered(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = RegisteredBody.TryDecode(body, out RegisteredBody b);
        fields["name"] = BodyToJson.Text(b.Name);
        fields["instances"] = b.Instances;
        return status;
    }

    private static DecodeStatus Call(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = CallBody.TryDecode(body, out CallBody b);
        fields["ticket"] = BodyToJson.Wide(b.Ticket);
        fields["verb"] = BodyToJson.Text(b.Verb);
        fields["arguments"] = CardJson.Arguments(b.Arguments);
        fields["subject"] = BodyToJson.Text(b.Subject);
        fields["role"] = b.Role;
        fields["channel"] = Optional(b.Channel);
        fields["item"] = BodyToJson.Text(b.Item);
        fields["key"] = BodyToJson.Text(b.Key);
        fields["locale"] = BodyToJson.Text(b.Locale);
        fields["deadline_ms"] = b.DeadlineMilliseconds;
        fields["attempt"] = b.Attempt;
        return status;
    }

    private static DecodeStatus Return(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = ReturnBody.TryDecode(body, out ReturnBody b);
        fields["ticket"] = BodyToJson.Wide(b.Ticket);
        fields["status"] = (byte)b.Status;
        fields["text"] = BodyToJson.Text(b.Text);
        fields["card"] = CardJson.ToJson(b.Card, b.HasCard);
        return status;
    }

    private static DecodeStatus Service(ReadOnlySpan<byte> body, JsonObject fields)
    {
        DecodeStatus status = ServiceBody.TryDecode(body, out ServiceBody b);
        fields["channel"] = BodyToJson.Text(b.Channel);
        fields["name"] = BodyToJson.Text(b.Name);
        fields["available"] = b.IsAvailable ? 1 : 0;
        return status;
    }

    private static string? Optional(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? null : BodyToJson.Text(utf8);
}
