using System.Text;
using RelayServer.Protocol;

namespace RelayServer.Rooms;

/// <summary>What a service says of itself when it registers: checked, and ready to be asked.</summary>
public sealed class ServiceProfile
{
    /// <summary>How long a command may take where its verb does not say, in milliseconds.</summary>
    public const uint DeadlineMillisecondsDefault = 10_000;

    /// <summary>How long a command may take at most, in milliseconds.</summary>
    public const uint DeadlineMillisecondsMax = 60_000;

    /// <summary>What help is asked for with; no service and no verb of a definition has this name.</summary>
    public const string HelpWord = "help";

    private readonly Dictionary<(string Locale, string Key), string> _texts = [];
    private readonly string _title;
    private readonly string _description;

    private ServiceProfile(in RegisterBody body)
    {
        Name = Text(body.Name);
        _title = Text(body.Title);
        _description = Text(body.Description);
        foreach (VerbEntry verb in body.Verbs)
        {
            ProfileVerb read = Read(verb);
            HasDouble |= !Verbs.TryAdd(read.Name, read);
        }

        foreach (TopicEntry topic in body.Topics)
        {
            var subjects = new SortedList<string, string>(Utf8Order.Instance);
            foreach (TopicSubjectEntry subject in topic.Subjects)
            {
                HasDouble |= !subjects.TryAdd(Text(subject.Name), Text(subject.Title));
            }

            HasDouble |= !Topics.TryAdd(Text(topic.Name), new ProfileTopic(Text(topic.Name), Text(topic.Title), topic.IsOpen, subjects));
        }

        foreach (LocaleTextEntry text in body.Texts)
        {
            HasDouble |= !_texts.TryAdd((Text(text.Locale).ToLowerInvariant(), Text(text.Key)), Text(text.Text));
        }
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it can be asked to do, by name.</summary>
    public SortedList<string, ProfileVerb> Verbs { get; } = new(StringComparer.Ordinal);

    /// <summary>What it tells of, by the topic's name without the service's.</summary>
    public SortedList<string, ProfileTopic> Topics { get; } = new(StringComparer.Ordinal);

    private bool HasDouble { get; }

    /// <summary>Reads what a service says of itself.</summary>
    /// <param name="encoded">The body of a REGISTER.</param>
    /// <param name="refusal">When the answer is null: why it cannot be registered so.</param>
    public static ServiceProfile? Decode(ReadOnlySpan<byte> encoded, out ControlRefusal? refusal)
    {
        if (RegisterBody.TryDecode(encoded, out RegisterBody body) != DecodeStatus.Ok)
        {
            refusal = new ControlRefusal(ErrorCode.MalformedBody, "the definition of the service could not be read");
            return null;
        }

        var profile = new ServiceProfile(body);
        string? problem = profile.FindProblem();
        refusal = problem is null ? null : new ControlRefusal(ErrorCode.BadArgument, problem);
        return problem is null ? profile : null;
    }

    /// <summary>The topic of a name as service.topic; null when the service has none such.</summary>
    public ProfileTopic? FindTopic(string name) =>
        TopicName.ServiceOf(name) == Name ? Topics.GetValueOrDefault(name[(Name.Length + 1)..]) : null;

    /// <summary>What it is called, in a language.</summary>
    public string Title(string locale) => In(locale, "title") ?? _title;

    /// <summary>What it is, in a language; may be empty.</summary>
    public string Description(string locale) => In(locale, "description") ?? _description;

    /// <summary>What a verb does, in a language.</summary>
    public string Summary(ProfileVerb verb, string locale) => In(locale, $"verb.{verb.Name}") ?? verb.Summary;

    /// <summary>What a topic is called, in a language.</summary>
    public string Title(ProfileTopic topic, string locale) => In(locale, $"topic.{topic.Name}") ?? topic.Title;

    private static ProfileVerb Read(in VerbEntry entry)
    {
        var parameters = new List<ProfileParameter>();
        foreach (ParameterEntry parameter in entry.Parameters)
        {
            parameters.Add(new ProfileParameter(Text(parameter.Name), Text(parameter.Summary), parameter.Kind, parameter.IsOptional));
        }

        uint deadline = entry.DeadlineMilliseconds == 0 ? DeadlineMillisecondsDefault : entry.DeadlineMilliseconds;
        return new ProfileVerb(Text(entry.Name), Text(entry.Summary), entry.Flags, deadline, parameters);
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    // The language as it is named, then what it is a kind of: de-AT, de.
    private string? In(string locale, string key)
    {
        for (string sought = locale.ToLowerInvariant(); sought.Length > 0; sought = sought[..Math.Max(0, sought.LastIndexOf('-'))])
        {
            if (_texts.TryGetValue((sought, key), out string? text))
            {
                return text;
            }
        }

        return null;
    }

    private string? FindProblem()
    {
        if (!ServiceName.IsValid(Name) || Name == HelpWord)
        {
            return $"the name of a service is a small letter, then small letters, digits and '-', at most {ProtocolLimits.ServiceWordBytesMax}, and not \"{HelpWord}\"";
        }

        if (HasDouble)
        {
            return "a verb, topic, subject or text is there twice";
        }

        return FindBadText() ?? Verbs.Values.Select(FindProblem).FirstOrDefault(problem => problem is not null)
            ?? Topics.Values.Select(FindProblem).FirstOrDefault(problem => problem is not null);
    }

    // All of it is shown, in terminals too.
    private string? FindBadText()
    {
        IEnumerable<string> descriptions = _texts.Where(text => text.Key.Key == "description").Select(text => text.Value).Append(_description);
        IEnumerable<string> texts = _texts.Where(text => text.Key.Key != "description").Select(text => text.Value).Append(_title)
            .Concat(Verbs.Values.Select(verb => verb.Summary))
            .Concat(Verbs.Values.SelectMany(verb => verb.Parameters.Select(parameter => parameter.Summary)))
            .Concat(Topics.Values.Select(topic => topic.Title))
            .Concat(Topics.Values.SelectMany(topic => topic.Subjects.Values));
        string? key = _texts.Keys.Select(text => text.Key).FirstOrDefault(key => !IsKey(key));
        return _title.Length == 0 ? "the service has no title"
            : key is not null ? $"there is nothing that the text {key} is of"
            : _texts.Any(text => text.Key.Key != "description" && Encoding.UTF8.GetByteCount(text.Value) > ProtocolLimits.TitleBytesMax)
                ? $"only descriptions have more than {ProtocolLimits.TitleBytesMax} bytes"
            : texts.All(text => CanBeShown(text, lines: false)) && descriptions.All(text => CanBeShown(text, lines: true)) ? null
            : "a text has control characters";
    }

    private static bool CanBeShown(string text, bool lines) => ControlText.Fits(text, 0, ProtocolLimits.RoomTextBytesMax, lines);

    private bool IsKey(string key) => key is "title" or "description"
        || (key.StartsWith("verb.", StringComparison.Ordinal) && Verbs.ContainsKey(key["verb.".Length..]))
        || (key.StartsWith("topic.", StringComparison.Ordinal) && Topics.ContainsKey(key["topic.".Length..]));

    private static string? FindProblem(ProfileVerb verb)
    {
        if (verb.DeadlineMilliseconds > DeadlineMillisecondsMax || (verb.Flags & ~(VerbFlags.AnswersRoom | VerbFlags.NeedsItem)) != 0)
        {
            return $"verb {verb.Name}: a deadline is at most {DeadlineMillisecondsMax} ms, and there are no flags but 1 and 2";
        }

        if (verb.Parameters.Select(parameter => parameter.Name).Distinct(StringComparer.Ordinal).Count() < verb.Parameters.Count)
        {
            return $"verb {verb.Name}: two parameters have one name";
        }

        bool hasOptional = false;
        for (int i = 0; i < verb.Parameters.Count; i++)
        {
            ProfileParameter parameter = verb.Parameters[i];
            if (!ServiceName.IsValid(parameter.Name) || !Enum.IsDefined(parameter.Kind))
            {
                return $"verb {verb.Name}: a parameter has no name like those of verbs, or no known kind";
            }

            if (parameter.Kind == ParameterKind.Rest && i < verb.Parameters.Count - 1)
            {
                return $"verb {verb.Name}: after {parameter.Name}, which takes the rest of the line, nothing can come";
            }

            if (hasOptional && !parameter.IsOptional)
            {
                return $"verb {verb.Name}: {parameter.Name} must be optional, as the one before it is";
            }

            hasOptional |= parameter.IsOptional;
        }

        return !ServiceName.IsValid(verb.Name)
                ? $"a verb is a small letter, then small letters, digits and '-', at most {ProtocolLimits.ServiceWordBytesMax}"
            : verb.Name == HelpWord || SubscriptionWords.IsVerb(verb.Name)
                ? $"no verb is \"{HelpWord}\", \"{SubscriptionWords.Subscribe}\" or \"{SubscriptionWords.Unsubscribe}\": every service has these from the relay"
            : null;
    }

    private static string? FindProblem(ProfileTopic topic)
    {
        if (!TopicName.IsWord(Encoding.UTF8.GetBytes(topic.Name)))
        {
            return $"a topic is a small letter, then small letters, digits and '-', at most {ProtocolLimits.TopicWordBytesMax}";
        }

        string? bad = topic.Subjects.Keys.FirstOrDefault(subject => UserId.FindProblem(subject, ProtocolLimits.SubjectBytesMax) is not null);
        return bad is null ? null : $"topic {topic.Name}: one of its subjects {UserId.FindProblem(bad, ProtocolLimits.SubjectBytesMax)}";
    }
}
