namespace RelayServer.Client.Services;

/// <summary>Puts a service together, verb by verb with what does it, and starts it.</summary>
public sealed class ServiceBuilder
{
    private readonly Dictionary<string, Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>>> _handlers = new(StringComparer.Ordinal);
    private readonly List<ServiceVerb> _verbs = [];
    private readonly List<ServiceTopic> _topics = [];
    private readonly List<ServiceText> _texts = [];
    private readonly string _name;
    private readonly string _title;
    private string _description = string.Empty;

    /// <summary>Begins with a name and a title.</summary>
    /// <param name="name">See <see cref="ServiceDefinition.Name"/>.</param>
    /// <param name="title">See <see cref="ServiceDefinition.Title"/>.</param>
    public ServiceBuilder(string name, string title)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(title);
        (_name, _title) = (name, title);
    }

    /// <summary>What is registered.</summary>
    public ServiceDefinition Definition => new()
    {
        Name = _name,
        Title = _title,
        Description = _description,
        Verbs = [.. _verbs],
        Topics = [.. _topics],
        Texts = [.. _texts],
    };

    /// <summary>Says what the service is for.</summary>
    public ServiceBuilder Describe(string description)
    {
        _description = description;
        return this;
    }

    /// <summary>Adds a verb.</summary>
    /// <param name="name">See <see cref="ServiceVerb.Name"/>.</param>
    /// <param name="summary">See <see cref="ServiceVerb.Summary"/>.</param>
    /// <param name="handler">Does it; see <see cref="RelayService.StartAsync"/>.</param>
    /// <param name="parameters">What follows the word.</param>
    /// <exception cref="ArgumentException">There is a verb of this name already.</exception>
    public ServiceBuilder Verb(
        string name,
        string summary,
        Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> handler,
        params IReadOnlyList<ServiceParameter> parameters) =>
        Verb(new ServiceVerb { Name = name, Summary = summary, Parameters = parameters }, handler);

    /// <summary>Adds a verb, with all that can be said of one.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="handler">Does it; see <see cref="RelayService.StartAsync"/>.</param>
    /// <exception cref="ArgumentException">There is a verb of this name already.</exception>
    public ServiceBuilder Verb(ServiceVerb verb, Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>> handler)
    {
        ArgumentNullException.ThrowIfNull(verb);
        ArgumentNullException.ThrowIfNull(handler);
        if (!_handlers.TryAdd(verb.Name, handler))
        {
            throw new ArgumentException($"there is a verb {verb.Name} already", nameof(verb));
        }

        _verbs.Add(verb);
        return this;
    }

    /// <summary>Adds a topic of which these subjects can be chosen.</summary>
    /// <param name="name">See <see cref="ServiceTopic.Name"/>.</param>
    /// <param name="title">See <see cref="ServiceTopic.Title"/>.</param>
    /// <param name="subjects">See <see cref="ServiceTopic.Subjects"/>.</param>
    public ServiceBuilder Topic(string name, string title, params IReadOnlyList<ServiceSubject> subjects) =>
        Topic(new ServiceTopic { Name = name, Title = title, Subjects = subjects });

    /// <summary>Adds a topic, with all that can be said of one.</summary>
    public ServiceBuilder Topic(ServiceTopic topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        _topics.Add(topic);
        return this;
    }

    /// <summary>Says something in another language.</summary>
    /// <param name="locale">See <see cref="ServiceText.Locale"/>.</param>
    /// <param name="key">See <see cref="ServiceText.Key"/>.</param>
    /// <param name="text">See <see cref="ServiceText.Text"/>.</param>
    public ServiceBuilder Text(string locale, string key, string text)
    {
        _texts.Add(new ServiceText(locale, key, text));
        return this;
    }

    /// <summary>Starts an instance; see <see cref="RelayService.StartAsync"/>.</summary>
    public Task<RelayService> StartAsync(RelayClientOptions options, CancellationToken cancellationToken = default)
    {
        var handlers = new Dictionary<string, Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>>>(_handlers, StringComparer.Ordinal);
        return RelayService.StartAsync(
            options,
            Definition,
            (command, stop) => handlers.TryGetValue(command.Verb, out Func<ServiceCommand, CancellationToken, ValueTask<ServiceResult>>? handler)
                ? handler(command, stop)
                : ValueTask.FromResult(ServiceResult.Refused($"{command.Verb} is not known here")),
            cancellationToken);
    }
}
