using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Client.Services;

/// <summary>Writes what a service is and can do; what the relay would refuse is found here.</summary>
internal static class DefinitionEncoding
{
    /// <summary>The body of a REGISTER.</summary>
    /// <exception cref="ArgumentException">A part of the definition is wrong; the message names the part and its limit.</exception>
    public static byte[] Encode(ServiceDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        byte[] verbs = EncodedTexts.EncodeList(definition.Verbs, "definition.Verbs", ProtocolLimits.VerbsMax, Encode);
        byte[] topics = EncodedTexts.EncodeList(definition.Topics, "definition.Topics", ProtocolLimits.TopicsMax, Encode);
        byte[] texts = EncodedTexts.EncodeList(definition.Texts, "definition.Texts", ProtocolLimits.LocaleTextsMax, Encode);
        var body = new RegisterBody
        {
            Name = EncodedTexts.Encode(definition.Name, "definition.Name", 1, ProtocolLimits.ServiceWordBytesMax),
            Title = EncodedTexts.Encode(definition.Title, "definition.Title", 1, ProtocolLimits.TitleBytesMax),
            Description = EncodedTexts.Encode(definition.Description, "definition.Description", 0, ProtocolLimits.RoomTextBytesMax),
            Verbs = new EncodedList<VerbEntry>(verbs, definition.Verbs.Count),
            Topics = new EncodedList<TopicEntry>(topics, definition.Topics.Count),
            Texts = new EncodedList<LocaleTextEntry>(texts, definition.Texts.Count),
        };
        byte[] bytes = body.ToBytes();
        if (bytes.Length > ProtocolLimits.ClientFrameBytesMax)
        {
            throw new ArgumentException(
                $"the definition has {bytes.Length} bytes in all; it must have at most {ProtocolLimits.ClientFrameBytesMax}: list fewer subjects, or shorter titles");
        }

        return ServiceProfile.Decode(bytes, out ControlRefusal? refusal) is null ? throw new ArgumentException(refusal!.Text) : bytes;
    }

    private static byte[] Encode(ServiceVerb verb, string field)
    {
        if (verb.DeadlineMilliseconds > ServiceProfile.DeadlineMillisecondsMax)
        {
            throw new ArgumentException(
                $"{field}.DeadlineMilliseconds is {verb.DeadlineMilliseconds}; it must be at most {ServiceProfile.DeadlineMillisecondsMax}");
        }

        byte[] parameters = EncodedTexts.EncodeList(verb.Parameters, field + ".Parameters", ProtocolLimits.ParametersMax, Encode);
        var entry = new VerbEntry
        {
            Name = EncodedTexts.Encode(verb.Name, field + ".Name", 1, ProtocolLimits.ServiceWordBytesMax),
            Summary = EncodedTexts.Encode(verb.Summary, field + ".Summary", 0, ProtocolLimits.TitleBytesMax),
            Flags = (verb.AnswersRoom ? VerbFlags.AnswersRoom : VerbFlags.None) | (verb.NeedsItem ? VerbFlags.NeedsItem : VerbFlags.None),
            DeadlineMilliseconds = verb.DeadlineMilliseconds,
            Parameters = new EncodedList<ParameterEntry>(parameters, verb.Parameters.Count),
        };
        return entry.ToBytes();
    }

    private static byte[] Encode(ServiceParameter parameter, string field)
    {
        var entry = new ParameterEntry
        {
            Name = EncodedTexts.Encode(parameter.Name, field + ".Name", 1, ProtocolLimits.ServiceWordBytesMax),
            Summary = EncodedTexts.Encode(parameter.Summary, field + ".Summary", 0, ProtocolLimits.TitleBytesMax),
            Kind = (ParameterKind)parameter.Kind,
            IsOptional = parameter.IsOptional,
        };
        return entry.ToBytes();
    }

    private static byte[] Encode(ServiceTopic topic, string field)
    {
        byte[] subjects = EncodedTexts.EncodeList(topic.Subjects, field + ".Subjects", ProtocolLimits.TopicSubjectsMax, Encode);
        var entry = new TopicEntry
        {
            Name = EncodedTexts.Encode(topic.Name, field + ".Name", 1, ProtocolLimits.TopicWordBytesMax),
            Title = EncodedTexts.Encode(topic.Title, field + ".Title", 1, ProtocolLimits.TitleBytesMax),
            IsOpen = topic.IsOpen,
            Subjects = new EncodedList<TopicSubjectEntry>(subjects, topic.Subjects.Count),
        };
        return entry.ToBytes();
    }

    private static byte[] Encode(ServiceSubject subject, string field)
    {
        var entry = new TopicSubjectEntry
        {
            Name = EncodedTexts.Encode(subject.Name, field + ".Name", 1, ProtocolLimits.SubjectBytesMax),
            Title = EncodedTexts.Encode(subject.Title, field + ".Title", 0, ProtocolLimits.TitleBytesMax),
        };
        return entry.ToBytes();
    }

    private static byte[] Encode(ServiceText text, string field)
    {
        var entry = new LocaleTextEntry
        {
            Locale = EncodedTexts.Encode(text.Locale, field + ".Locale", 1, ProtocolLimits.LocaleBytesMax),
            Key = EncodedTexts.Encode(text.Key, field + ".Key", 1, ProtocolLimits.LocaleKeyBytesMax),
            Text = EncodedTexts.Encode(
                text.Text, field + ".Text", 1, text.Key == "description" ? ProtocolLimits.RoomTextBytesMax : ProtocolLimits.TitleBytesMax),
        };
        return entry.ToBytes();
    }
}
