using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.IntegrationTests.Adapters;

/// <summary>A feed that answers as the test says, and remembers what it was asked with.</summary>
internal sealed class ScriptedSource(string name = "https://example.org/feed") : IFeedSource
{
    private readonly List<FeedValidators> _asked = [];

    public string Name => name;

    public string? Host => "example.org";

    public IReadOnlyList<FeedValidators> Asked => _asked;

    public Func<Task<FetchResult>> Answer { get; set; } = () => Task.FromResult(new FetchResult(FetchKind.Unchanged));

    public Task<FetchResult> FetchAsync(FeedValidators validators, CancellationToken cancellationToken)
    {
        _asked.Add(validators);
        return Answer();
    }

    /// <summary>From now on it has these items, the newest first, under a new ETag.</summary>
    public void Has(params string[] ids)
    {
        byte[] document = UnitTests.Adapters.FeedDocuments.Rss([.. ids.Select(id => $"<item><guid>{id}</guid><title>{id}</title><category>Sport</category></item>")]);
        string tag = $"\"{string.Join('-', ids)}\"";
        Answer = () => Task.FromResult(new FetchResult(FetchKind.Changed) { Document = document, Validators = new FeedValidators(tag, null) });
    }

    public void Fails(string reason, TimeSpan? retryAfter = null) =>
        Answer = () => Task.FromResult(new FetchResult(FetchKind.Failed) { Reason = reason, RetryAfter = retryAfter });
}
