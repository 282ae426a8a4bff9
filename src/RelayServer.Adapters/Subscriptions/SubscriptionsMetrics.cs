using System.Diagnostics.Metrics;
using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>What the services of a process tell its operator. Services are tagged by name: those of the settings, and no others.</summary>
internal sealed class SubscriptionsMetrics : IDisposable
{
    private readonly Meter _meter = new("RelayServer.Adapters");
    private readonly Counter<long> _polls;
    private readonly Counter<long> _items;
    private readonly Counter<long> _updates;
    private readonly Counter<long> _posts;
    private readonly Counter<long> _commands;
    private readonly UpDownCounter<long> _waiting;
    private readonly Histogram<double> _pollSeconds;

    public SubscriptionsMetrics()
    {
        _polls = _meter.CreateCounter<long>("relay.adapters.polls", "{poll}", "Feeds asked for, by what it came to.");
        _pollSeconds = _meter.CreateHistogram<double>("relay.adapters.poll.duration", "s", "Time from asking for a feed until it was read.");
        _items = _meter.CreateCounter<long>("relay.adapters.items", "{item}", "New items of feeds and webhooks.");
        _updates = _meter.CreateCounter<long>("relay.adapters.updates", "{update}", "Updates by what came of sending them.");
        _waiting = _meter.CreateUpDownCounter<long>("relay.adapters.outbox", "{update}", "Updates that this process has read from the outbox and the relay has not taken.");
        _posts = _meter.CreateCounter<long>("relay.adapters.posts", "{post}", "Posts to webhooks, by status.");
        _commands = _meter.CreateCounter<long>("relay.adapters.commands", "{command}", "Commands, by verb and outcome.");
    }

    public void Polled(string service, FetchKind kind, TimeSpan duration)
    {
        string outcome = kind switch { FetchKind.Changed => "changed", FetchKind.Unchanged => "unchanged", FetchKind.Gone => "gone", _ => "failed" };
        _polls.Add(1, Tag("service", service), Tag("outcome", outcome));
        _pollSeconds.Record(duration.TotalSeconds);
    }

    public void Found(string service, int items) => _items.Add(items, Tag("service", service));

    public void Sent(string service, string outcome) => _updates.Add(1, Tag("service", service), Tag("outcome", outcome));

    public void Waits(string service, int change) => _waiting.Add(change, Tag("service", service));

    public void Posted(string service, int status) => _posts.Add(1, Tag("service", service), Tag("status", status));

    public void Commanded(string service, string verb, bool refused) =>
        _commands.Add(1, Tag("service", service), Tag("verb", verb), Tag("outcome", refused ? "refused" : "done"));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
