using RelayServer.Adapters.Subscriptions.Commands;
using RelayServer.Client.Services;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>What a service registers, from its settings.</summary>
internal sealed class ServiceDescription
{
    private const string DefaultTopic = "updates";

    private readonly SubscriptionsOptions _options;
    private readonly IReadOnlyList<TopicOptions> _topics;

    public ServiceDescription(SubscriptionsOptions options)
    {
        _options = options;
        _topics = options.Topics.Count > 0 ? [.. options.Topics] : [new TopicOptions { Name = DefaultTopic, Title = options.Title }];
    }

    /// <summary>The definition.</summary>
    public ServiceDefinition Create() => new()
    {
        Name = _options.Name,
        Title = _options.Title,
        Description = _options.Description,
        Verbs = Verbs.All,
        Topics = [.. _topics.Select(Describe)],
        Texts = [.. Verbs.German, .. _options.Texts.Select(text => new ServiceText(text.Locale, text.Key, text.Text))],
    };

    /// <summary>The names of its topics, the first one first.</summary>
    public IEnumerable<string> Topics => _topics.Select(topic => topic.Name);

    /// <summary>Where the updates of a source go.</summary>
    /// <param name="topic">The topic's name; null for the first.</param>
    /// <param name="own">The subjects that all of them have.</param>
    public SourceTarget TargetOf(string? topic, IEnumerable<string> own)
    {
        TopicOptions found = string.IsNullOrEmpty(topic) ? _topics[0] : _topics.First(known => known.Name == topic);
        return new SourceTarget(found, new SubjectNames(found), [.. own]);
    }

    private ServiceTopic Describe(TopicOptions topic)
    {
        IEnumerable<string> own = _options.Feeds.Where(feed => IsOf(feed.Topic, topic)).Select(feed => feed.Subject).OfType<string>()
            .Concat(_options.Hooks.Where(hook => IsOf(hook.Topic, topic)).SelectMany(hook => hook.Subjects));
        return new ServiceTopic
        {
            Name = topic.Name,
            Title = topic.Title,
            IsOpen = topic.IsOpen,
            Subjects =
            [
                .. topic.Subjects.Concat(own).Select(written => new ServiceSubject(SubjectNames.Fold(written), written))
                    .Where(subject => SubjectNames.IsValid(subject.Name)).DistinctBy(subject => subject.Name),
            ],
        };
    }

    private bool IsOf(string? name, TopicOptions topic) => string.IsNullOrEmpty(name) ? topic == _topics[0] : name == topic.Name;
}
