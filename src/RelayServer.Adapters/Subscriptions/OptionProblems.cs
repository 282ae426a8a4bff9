using System.Text.RegularExpressions;
using RelayServer.Client;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>What is wrong with the settings of services beyond single values; every line names its key.</summary>
internal static partial class OptionProblems
{
    private const int NameCharactersMax = 32;
    private const int TopicCharactersMax = 64;

    /// <summary>The problems, a line each.</summary>
    public static IEnumerable<string> Of(AdaptersOptions options)
    {
        for (int index = 0; index < options.Edges.Count; index++)
        {
            if (!RelayEndpoint.TryParse(options.Edges[index], out _))
            {
                yield return $"Adapters:Edges:{index}: \"{options.Edges[index]}\" is not allowed; expected host:port";
            }
        }

        for (int index = 0; index < options.Subscriptions.Count; index++)
        {
            foreach (string problem in Of(options.Subscriptions[index], $"Adapters:Subscriptions:{index}"))
            {
                yield return problem;
            }
        }

        foreach (string name in Twice(options.Subscriptions.Select(service => service.Name)))
        {
            yield return $"Adapters:Subscriptions: two services are named \"{name}\"";
        }

        foreach (string name in Twice(options.Subscriptions.SelectMany(service => service.Hooks).Select(hook => hook.Name)))
        {
            yield return $"Adapters:Subscriptions: two webhooks are named \"{name}\"; they share one address";
        }
    }

    private static IEnumerable<string> Of(SubscriptionsOptions service, string key)
    {
        if (!IsName(service.Name, NameCharactersMax))
        {
            yield return $"{key}:Name: \"{service.Name}\" is not allowed; allowed: {Describe(NameCharactersMax)}";
        }

        for (int index = 0; index < service.Topics.Count; index++)
        {
            foreach (string problem in Of(service.Topics[index], $"{key}:Topics:{index}"))
            {
                yield return problem;
            }
        }

        foreach (string name in Twice(service.Topics.Select(topic => topic.Name)))
        {
            yield return $"{key}:Topics: two topics are named \"{name}\"";
        }

        for (int index = 0; index < service.Feeds.Count; index++)
        {
            foreach (string problem in Of(service, service.Feeds[index], $"{key}:Feeds:{index}"))
            {
                yield return problem;
            }
        }

        foreach (string name in Twice(service.Feeds.Select(feed => feed.Url?.AbsoluteUri ?? feed.File ?? string.Empty).Where(name => name.Length > 0)))
        {
            yield return $"{key}:Feeds: {name} is there twice";
        }

        for (int index = 0; index < service.Hooks.Count; index++)
        {
            foreach (string problem in Of(service, service.Hooks[index], $"{key}:Hooks:{index}"))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> Of(TopicOptions topic, string key)
    {
        if (!IsName(topic.Name, TopicCharactersMax))
        {
            yield return $"{key}:Name: \"{topic.Name}\" is not allowed; allowed: {Describe(TopicCharactersMax)}";
        }

        foreach (string subject in topic.Subjects.Where(subject => !SubjectNames.IsValid(SubjectNames.Fold(subject))))
        {
            yield return $"{key}:Subjects: \"{subject}\" is not allowed; allowed: 1 to {SubjectNames.BytesMax} bytes of text";
        }
    }

    private static IEnumerable<string> Of(SubscriptionsOptions service, FeedOptions feed, string key)
    {
        if ((feed.Url is null) == string.IsNullOrEmpty(feed.File))
        {
            yield return $"{key}: set Url or File, one of them";
        }

        if (feed.Url is { } url && !Feeds.WebLink.IsWeb(url))
        {
            yield return $"{key}:Url: is not allowed; allowed: an http or https address without a user";
        }

        if (FindTopicProblem(service, feed.Topic) is { } problem)
        {
            yield return $"{key}:Topic: {problem}";
        }

        if (feed.Subject is { } subject && !SubjectNames.IsValid(SubjectNames.Fold(subject)))
        {
            yield return $"{key}:Subject: \"{subject}\" is not allowed; allowed: 1 to {SubjectNames.BytesMax} bytes of text";
        }
    }

    private static IEnumerable<string> Of(SubscriptionsOptions service, HookOptions hook, string key)
    {
        if (!IsName(hook.Name, TopicCharactersMax))
        {
            yield return $"{key}:Name: \"{hook.Name}\" is not allowed; allowed: {Describe(TopicCharactersMax)}";
        }

        if (FindTopicProblem(service, hook.Topic) is { } problem)
        {
            yield return $"{key}:Topic: {problem}";
        }

        foreach (string subject in hook.Subjects.Where(subject => !SubjectNames.IsValid(SubjectNames.Fold(subject))))
        {
            yield return $"{key}:Subjects: \"{subject}\" is not allowed; allowed: 1 to {SubjectNames.BytesMax} bytes of text";
        }
    }

    private static string? FindTopicProblem(SubscriptionsOptions service, string? topic) =>
        string.IsNullOrEmpty(topic) || service.Topics.Any(known => known.Name == topic) ? null : $"there is no topic \"{topic}\"";

    private static IEnumerable<string> Twice(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);

    private static bool IsName(string name, int charactersMax) => name.Length <= charactersMax && Name().IsMatch(name);

    private static string Describe(int charactersMax) => $"1 to {charactersMax} of a-z, 0-9 and -, the first a letter";

    [GeneratedRegex("^[a-z][a-z0-9-]*\\z")]
    private static partial Regex Name();
}
