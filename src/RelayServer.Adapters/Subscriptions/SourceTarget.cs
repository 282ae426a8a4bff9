using RelayServer.Protocol;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>Where the updates of a feed or hook go.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Subjects">How its subjects are made.</param>
/// <param name="Own">The subjects that all of its updates have.</param>
internal sealed record SourceTarget(TopicOptions Topic, SubjectNames Subjects, IReadOnlyList<string> Own)
{
    /// <summary>The target as the relay knows it.</summary>
    public string Of(string service) => PrefixOf(service) + Topic.Name;

    /// <summary>How the logs of a service's topics are called, before the topic's own name.</summary>
    public static string PrefixOf(string service) => $"{ChannelName.TopicPrefixText}{service}.";
}
