using System.Text.Json.Nodes;
using RelayServer.Protocol;
using static RelayServer.UnitTests.Protocol.Support.BodyFromJson;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Encodes the bodies about services from fields in the form of <c>protocol/vectors</c>.</summary>
internal static class ServiceBodyFromJson
{
    /// <summary>Encodes; false when <paramref name="destination"/> is too small.</summary>
    public static bool TryEncode(FrameType type, JsonObject fields, Span<byte> destination, out int writtenBytes) => type switch
    {
        FrameType.Command => Command(fields).TryEncode(destination, out writtenBytes),
        FrameType.Result => Result(fields).TryEncode(destination, out writtenBytes),
        FrameType.Register => Register(fields).TryEncode(destination, out writtenBytes),
        FrameType.Registered => new RegisteredBody { Name = Text(fields["name"]), Instances = Small(fields["instances"]) }
            .TryEncode(destination, out writtenBytes),
        FrameType.Call => Call(fields).TryEncode(destination, out writtenBytes),
        FrameType.Return => Return(fields).TryEncode(destination, out writtenBytes),
        FrameType.Service => new ServiceBody
        {
            Channel = Text(fields["channel"]),
            Name = Text(fields["name"]),
            IsAvailable = Small(fields["available"]) == 1,
        }.TryEncode(destination, out writtenBytes),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "is not about services"),
    };

    public static MenuBody Menu(JsonObject fields) => new()
    {
        Channel = Text(fields["channel"]),
        Entries = new EncodedList<MenuEntry>(JsonList.Encode(fields["entries"], TryEncodeEntry, out int count), count),
        HasMore = Small(fields["more"]) == 1,
    };

    public static SubscriptionListBody Subscriptions(JsonObject fields) => new()
    {
        Channel = Text(fields["channel"]),
        Subscriptions = new EncodedList<SubscriptionEntry>(JsonList.Encode(fields["subscriptions"], TryEncodeSubscription, out int count), count),
        HasMore = Small(fields["more"]) == 1,
    };

    private static CommandBody Command(JsonObject fields) => new()
    {
        Channel = Text(fields["channel"]),
        Item = Text(fields["item"]),
        ProducerId = Wide(fields["producer_id"]),
        Number = Wide(fields["number"]),
        Locale = Text(fields["locale"]),
        Service = Text(fields["service"]),
        Verb = Text(fields["verb"]),
        Arguments = CardJson.Arguments(fields["arguments"]),
    };

    private static ResultBody Result(JsonObject fields) => new()
    {
        Channel = Text(fields["channel"]),
        Number = Wide(fields["number"]),
        Service = Text(fields["service"]),
        Verb = Text(fields["verb"]),
        Text = Text(fields["text"]),
        Card = CardJson.FromJson(fields["card"]),
        HasCard = fields["card"] is not null,
    };

    private static RegisterBody Register(JsonObject fields) => new()
    {
        Name = Text(fields["name"]),
        Title = Text(fields["title"]),
        Description = Text(fields["description"]),
        Verbs = new EncodedList<VerbEntry>(JsonList.Encode(fields["verbs"], TryEncodeVerb, out int verbs), verbs),
        Topics = new EncodedList<TopicEntry>(JsonList.Encode(fields["topics"], TryEncodeTopic, out int topics), topics),
        Texts = new EncodedList<LocaleTextEntry>(JsonList.Encode(fields["texts"], TryEncodeLocaleText, out int texts), texts),
    };

    private static CallBody Call(JsonObject fields) => new()
    {
        Ticket = Wide(fields["ticket"]),
        Verb = Text(fields["verb"]),
        Arguments = CardJson.Arguments(fields["arguments"]),
        Subject = Text(fields["subject"]),
        Role = (byte)Small(fields["role"]),
        Channel = Text(fields["channel"]),
        Item = Text(fields["item"]),
        Key = Text(fields["key"]),
        Locale = Text(fields["locale"]),
        DeadlineMilliseconds = Small(fields["deadline_ms"]),
        Attempt = (byte)Small(fields["attempt"]),
    };

    private static ReturnBody Return(JsonObject fields) => new()
    {
        Ticket = Wide(fields["ticket"]),
        Status = (ReturnStatus)Small(fields["status"]),
        Text = Text(fields["text"]),
        Card = CardJson.FromJson(fields["card"]),
        HasCard = fields["card"] is not null,
    };

    private static bool TryEncodeVerb(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var verb = new VerbEntry
        {
            Name = Text(item["name"]),
            Summary = Text(item["summary"]),
            Flags = (VerbFlags)Small(item["flags"]),
            DeadlineMilliseconds = Small(item["deadline_ms"]),
            Parameters = new EncodedList<ParameterEntry>(JsonList.Encode(item["parameters"], TryEncodeParameter, out int count), count),
        };
        return verb.TryEncode(destination[..verb.EncodedBytesMax], out writtenBytes);
    }

    private static bool TryEncodeParameter(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var parameter = new ParameterEntry
        {
            Name = Text(item["name"]),
            Summary = Text(item["summary"]),
            Kind = (ParameterKind)Small(item["kind"]),
            IsOptional = Small(item["optional"]) == 1,
        };
        return parameter.TryEncode(destination[..parameter.EncodedBytesMax], out writtenBytes);
    }

    private static bool TryEncodeTopic(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var topic = new TopicEntry
        {
            Name = Text(item["name"]),
            Title = Text(item["title"]),
            IsOpen = Small(item["open"]) == 1,
            Subjects = new EncodedList<TopicSubjectEntry>(JsonList.Encode(item["subjects"], TryEncodeSubject, out int count), count),
        };
        return topic.TryEncode(destination[..topic.EncodedBytesMax], out writtenBytes);
    }

    private static bool TryEncodeSubject(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var subject = new TopicSubjectEntry { Name = Text(item["name"]), Title = Text(item["title"]) };
        return subject.TryEncode(destination[..subject.EncodedBytesMax], out writtenBytes);
    }

    private static bool TryEncodeLocaleText(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var text = new LocaleTextEntry { Locale = Text(item["locale"]), Key = Text(item["key"]), Text = Text(item["text"]) };
        return text.TryEncode(destination[..text.EncodedBytesMax], out writtenBytes);
    }

    private static bool TryEncodeEntry(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var entry = new MenuEntry
        {
            Kind = (MenuKind)Small(item["kind"]),
            Name = Text(item["name"]),
            Title = Text(item["title"]),
            Description = Text(item["description"]),
            Flags = (MenuFlags)Small(item["flags"]),
        };
        return entry.TryEncode(destination[..entry.EncodedBytesMax], out writtenBytes);
    }

    private static bool TryEncodeSubscription(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var subscription = new SubscriptionEntry
        {
            Topic = Text(item["topic"]),
            Subjects = CardJson.Subjects(item["subjects"]),
            ExpiresAtMilliseconds = Wide(item["expires_at_ms"]),
            SinceMilliseconds = Wide(item["since_ms"]),
            By = Text(item["by"]),
        };
        return subscription.TryEncode(destination[..subscription.EncodedBytesMax], out writtenBytes);
    }
}
