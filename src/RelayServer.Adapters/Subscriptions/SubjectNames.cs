using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.Client.Services;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>The subjects of a topic: lower case, in one form, and only those that may be.</summary>
/// <param name="topic">The topic.</param>
internal sealed class SubjectNames(TopicOptions topic)
{
    /// <summary>Longest subject, in bytes of UTF-8.</summary>
    public const int BytesMax = ServiceSubject.NameBytesMax;

    /// <summary>Most subjects of one update.</summary>
    public const int CountMax = 16;

    private readonly HashSet<string> _listed = [.. topic.Subjects.Select(Fold).Where(IsValid)];

    /// <summary>The subjects of an update.</summary>
    /// <param name="own">Those that its source always has; taken whatever the topic lists.</param>
    /// <param name="categories">Those that it names itself; of a topic that is not open only listed ones are taken.</param>
    public IReadOnlyList<string> Of(IEnumerable<string> own, IEnumerable<string> categories)
    {
        IEnumerable<string> named = categories.Select(Fold).Where(name => topic.IsOpen || _listed.Contains(name));
        return [.. own.Select(Fold).Concat(named).Where(IsValid).Distinct(StringComparer.Ordinal).Take(CountMax)];
    }

    /// <summary>A subject as it is compared.</summary>
    public static string Fold(string name) => ComposedForm.Of(FeedText.Line(name, FeedLimits.CategoryBytesMax).ToLowerInvariant());

    /// <summary>True for what can be a subject.</summary>
    public static bool IsValid(string name) => ServiceSubject.FindProblem(name) is null;
}
