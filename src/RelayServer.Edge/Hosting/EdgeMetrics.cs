using System.Diagnostics.Metrics;
using RelayServer.Edge.Admin;
using RelayServer.Edge.Sessions;

namespace RelayServer.Edge.Hosting;

/// <summary>What an edge tells its operator. Totals are read when scraped; nothing is recorded per delivery.</summary>
internal sealed class EdgeMetrics : IDisposable
{
    private readonly Meter _meter = new("RelayServer.Edge");
    private readonly KeyValuePair<string, object?> _edge;
    private readonly Histogram<int> _batchMessages;
    private readonly Histogram<double> _answerSeconds;
    private readonly Histogram<double> _fanoutSeconds;

    public EdgeMetrics(string edgeName, EdgeLoop loop, SessionRunner sessions, OperatorDesk operators)
    {
        _edge = new KeyValuePair<string, object?>("edge", edgeName);
        _batchMessages = _meter.CreateHistogram<int>("relay.edge.batch.size", "{message}", "Messages in a batch handed to members.");
        _answerSeconds = _meter.CreateHistogram<double>("relay.edge.answer.duration", "s", "Time from sending a batch of publishes to a master until all are answered.");
        _fanoutSeconds = _meter.CreateHistogram<double>("relay.edge.fanout.duration", "s", "Time from the arrival of a relay until its deliveries are handed to the connections.");
        EdgeCounters counters = loop.Counters;
        IReadOnlyList<EdgeCounters> shards = loop.ShardCounters;
        Gauge("relay.edge.connections", () => sessions.Connections, "{connection}", "Client connections.");
        Gauge("relay.edge.handshakes", () => sessions.Handshakes, "{connection}", "Client connections that have not been welcomed yet.");
        Gauge("relay.edge.sessions", () => loop.Core.SessionCount, "{session}", "Authenticated connections.");
        Gauge("relay.edge.operator.requests", () => operators.UnderWay, "{request}", "Requests of operators that wait for their answer.");
        Gauge("relay.edge.channels", () => loop.Core.ChannelCount, "{channel}", "Channels with members on this edge.");
        Gauge("relay.edge.memberships", () => loop.Core.MembershipCount, "{membership}", "Memberships of sessions in channels.");
        Gauge("relay.edge.recent.bytes", () => loop.Core.RecentBytes, "By", "Recent batches kept for joins and resumes.");
        Gauge("relay.edge.parked.bytes", () => loop.Core.ParkedBytes, "By", "What came for channels while holes in them are read from the log.");
        Gauge("relay.edge.upstream.held.bytes", () => loop.HeldBytes, "By", "Publishes that wait for a master's answer.");
        Gauge("relay.edge.inbox.bytes", () => loop.InboxBytes, "By", "Frames and relays that wait to be processed.");
        Gauge("relay.edge.outbound.queued.bytes", () => shards.Sum(shard => Volatile.Read(ref shard.OutboundQueuedBytes)), "By", "Bytes that wait for slow connections.");
        Counter("relay.edge.joins", () => Volatile.Read(ref counters.Joins), "{join}", "Memberships granted.");
        Counter("relay.edge.leaves", () => Volatile.Read(ref counters.Leaves), "{leave}", "Memberships ended.");
        Counter("relay.edge.publishes", () => Volatile.Read(ref counters.Publishes), "{message}", "Messages taken from clients.");
        Counter("relay.edge.acks", () => Volatile.Read(ref counters.Acks), "{message}", "Messages acknowledged to clients.");
        Counter("relay.edge.queries", () => Volatile.Read(ref counters.Queries), "{query}", "Questions about rooms taken from clients.");
        Counter("relay.edge.commands", () => Volatile.Read(ref counters.Commands), "{command}", "Commands for services taken from clients.");
        Gauge("relay.edge.commands.pending", () => loop.Core.PendingCommandCount, "{command}", "Commands for services that wait for their answer.");
        Counter("relay.edge.calls", () => Volatile.Read(ref counters.Calls), "{call}", "Commands given to instances of services.");
        Gauge("relay.edge.service.instances", () => loop.Core.ServiceInstanceCount, "{session}", "Sessions that are instances of services.");
        Counter("relay.edge.reactions", () => Volatile.Read(ref counters.Reactions), "{reaction}", "Reactions taken from clients.");
        Counter("relay.edge.reactions.dropped", () => Volatile.Read(ref counters.ReactionsDropped), "{reaction}", "Reactions above the limit of their session.");
        Counter("relay.edge.presence.reports", () => Volatile.Read(ref counters.PresenceReports), "{report}", "Reports to masters of who is in a room.");
        Counter("relay.edge.pushes", () => Volatile.Read(ref counters.Pushes), "{frame}", "Counts and summed reactions for the members of a room, each counted once.");
        Counter("relay.edge.enforcements", () => Volatile.Read(ref counters.Enforcements), "{check}", "Checks of all members of a room, because of new bans or other roles in it.");
        Counter("relay.edge.deliveries", () => shards.Sum(shard => Volatile.Read(ref shard.Deliveries)), "{message}", "Messages times members.");
        Counter("relay.edge.deliver.writes", () => shards.Sum(shard => Volatile.Read(ref shard.DeliverWrites)), "{write}", "Writes to members: one for all batches of a channel that gathered.");
        Counter("relay.edge.deliver.bytes", () => shards.Sum(shard => Volatile.Read(ref shard.DeliverBytes)), "By", "Bytes of those writes.");
        Counter("relay.edge.slow_consumers", () => shards.Sum(shard => Volatile.Read(ref shard.SlowConsumers)), "{session}", "Sessions closed because they read too slowly.");
        Counter("relay.edge.repairs", () => Volatile.Read(ref counters.Repairs), "{repair}", "Holes in a channel read back from the log.");
        Counter("relay.edge.reads", () => Volatile.Read(ref counters.Reads), "{read}", "Pages of logs asked of the fabric.");
        Counter("relay.edge.reads.shared", () => Volatile.Read(ref counters.ReadsShared), "{read}", "Pages that a member got from a read for another one.");
        Gauge("relay.edge.reads.queued", () => loop.Core.QueuedReads, "{read}", "Reads of logs that wait for their turn.");
        Counter("relay.edge.gaps", () => Volatile.Read(ref counters.Gaps), "{gap}", "Gaps told to members.");
        Counter("relay.edge.entries.unreadable", () => Volatile.Read(ref counters.UnreadableEntries), "{entry}", "Log entries that could not be read; members were told a gap.");
        Counter("relay.edge.resends", () => Volatile.Read(ref counters.Resends), "{batch}", "Batches sent again because no master answered in time.");
        Counter("relay.edge.relays.lost", () => Volatile.Read(ref counters.LostRelays), "{hole}", "Holes found in the relays of masters.");
        _meter.CreateObservableCounter("relay.edge.refusals", () => ByCode(counters.Refusals), "{request}", "Requests refused, by code.");
        _meter.CreateObservableCounter("relay.edge.closes", () => ByCode(shards.Append(counters).SelectMany(each => each.Closes).GroupBy(count => count.Key, (code, counts) => KeyValuePair.Create(code, counts.Sum(count => count.Value)))), "{session}", "Sessions closed by the edge, by code.");
    }

    /// <summary>Once per batch of a channel, not per message or delivery.</summary>
    public void Batch(int messages) => _batchMessages.Record(messages, _edge);

    /// <summary>Once per batch of publishes.</summary>
    public void Answered(double seconds) => _answerSeconds.Record(seconds, _edge);

    /// <summary>Once per relay.</summary>
    public void FannedOut(double seconds) => _fanoutSeconds.Record(seconds, _edge);

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, Func<long> value, string unit, string description) =>
        _meter.CreateObservableGauge(name, () => new Measurement<long>(value(), _edge), unit, description);

    private void Counter(string name, Func<long> value, string unit, string description) =>
        _meter.CreateObservableCounter(name, () => new Measurement<long>(value(), _edge), unit, description);

    private Measurement<long>[] ByCode(IEnumerable<KeyValuePair<Protocol.ErrorCode, long>> counts) =>
        [.. counts.Select(count => new Measurement<long>(count.Value, _edge, new KeyValuePair<string, object?>("code", count.Key.ToString())))];
}
