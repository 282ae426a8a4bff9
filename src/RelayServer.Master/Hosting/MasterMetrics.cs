using System.Diagnostics.Metrics;
using System.Text.Json;
using RelayServer.Master.Sequencing;

namespace RelayServer.Master.Hosting;

/// <summary>What a master tells its operator. Totals are read when scraped; nothing is recorded per message.</summary>
internal sealed class MasterMetrics : IDisposable
{
    private readonly Meter _meter = new("RelayServer.Master");
    private readonly Histogram<double> _flushSeconds;

    public MasterMetrics(MasterCounters counters, MasterCore core, Func<long> inboxBytes)
    {
        _flushSeconds = _meter.CreateHistogram<double>("relay.master.flush.duration", "s", "Time from handing a flush to the fabric until it is in the log.");
        _meter.CreateObservableCounter("relay.master.publishes", () => Volatile.Read(ref counters.Publishes), "{message}", "Messages given a place in a log.");
        _meter.CreateObservableCounter("relay.master.duplicates", () => Volatile.Read(ref counters.Duplicates), "{message}", "Messages that were in the log already.");
        _meter.CreateObservableCounter("relay.master.refusals", () => Volatile.Read(ref counters.Refusals), "{message}", "Messages refused.");
        _meter.CreateObservableCounter("relay.master.interests.refused", () => Volatile.Read(ref counters.InterestsRefused), "{interest}", "Channels that an edge asked for and that had no room in memory.");
        _meter.CreateObservableCounter("relay.master.channels.evicted", () => Volatile.Read(ref counters.ChannelsEvicted), "{channel}", "Idle channels that left the memory early to make room.");
        _meter.CreateObservableCounter("relay.master.ephemerals", () => Volatile.Read(ref counters.Ephemerals), "{message}", "Messages relayed without being logged.");
        _meter.CreateObservableCounter("relay.master.ephemerals.dropped", () => Volatile.Read(ref counters.EphemeralsDropped), "{message}", "Messages that are not logged, dropped because the master was behind, or above the delivery cap of their room.");
        _meter.CreateObservableCounter("relay.master.log.bytes", () => Volatile.Read(ref counters.EntryBytes), "By", "Bytes appended to logs.");
        _meter.CreateObservableCounter("relay.master.relay.bytes", () => Volatile.Read(ref counters.RelayBytes), "By", "Bytes relayed to edges.");
        _meter.CreateObservableCounter("relay.master.channels.expired", () => Volatile.Read(ref counters.ChannelsExpired), "{channel}", "Channels whose every message had grown too old to be kept.");
        _meter.CreateObservableCounter("relay.master.speech.refusals", () => SpeechRefusals(counters), "{message}", "Messages refused by the sender's role, or by the state or the settings of the room.");
        _meter.CreateObservableCounter("relay.master.presence.notices", () => Volatile.Read(ref counters.PresenceNotices), "{notice}", "Comings and goings told to small rooms.");
        _meter.CreateObservableCounter("relay.master.presence.notices.dropped", () => Volatile.Read(ref counters.PresenceNoticesDropped), "{notice}", "Comings and goings not told, because there were too many at once.");
        _meter.CreateObservableCounter("relay.master.reactions", () => Volatile.Read(ref counters.Reactions), "{reaction}", "Hearts and other reactions summed up.");
        _meter.CreateObservableCounter("relay.master.queries", () => Volatile.Read(ref counters.Queries), "{query}", "Questions about rooms answered.");
        _meter.CreateObservableCounter("relay.master.queries.refused", () => Volatile.Read(ref counters.QueriesRefused), "{query}", "Questions about rooms refused.");
        _meter.CreateObservableCounter("relay.master.commands", () => Volatile.Read(ref counters.Commands), "{command}", "Commands for services taken.");
        _meter.CreateObservableCounter("relay.master.commands.refused", () => Volatile.Read(ref counters.CommandsRefused), "{command}", "Commands answered with an error, by the relay or their service.");
        _meter.CreateObservableCounter("relay.master.commands.timed_out", () => Volatile.Read(ref counters.CommandsTimedOut), "{command}", "Commands that no instance answered in time.");
        _meter.CreateObservableCounter("relay.master.calls.repeated", () => Volatile.Read(ref counters.CallsRepeated), "{call}", "Commands that went to another instance because theirs had gone.");
        _meter.CreateObservableCounter("relay.master.updates", () => Volatile.Read(ref counters.Updates), "{message}", "Updates of services taken.");
        _meter.CreateObservableCounter("relay.master.updates.handed_on", () => Volatile.Read(ref counters.UpdatesHandedOn), "{message}", "Updates appended to the rooms and inboxes that subscribed.");
        _meter.CreateObservableCounter("relay.master.updates.lost", () => Volatile.Read(ref counters.UpdatesLost), "{message}", "Updates that did not come to a room or inbox because what is stored of it cannot be read.");
        _meter.CreateObservableCounter("relay.master.splits", () => Splits(counters), "{split}", "Rooms split, by hand or by their policy.");
        _meter.CreateObservableCounter("relay.master.merges", () => Volatile.Read(ref counters.Merges), "{merge}", "Rooms merged, by hand or by their policy.");
        _meter.CreateObservableCounter("relay.master.controls", () => Controls(counters), "{control}", "Changes of rooms that were asked for and done.");
        _meter.CreateObservableCounter("relay.master.skipped", () => Volatile.Read(ref counters.Skipped), "{message}", "Messages logged but not delivered, above the delivery cap of their room.");
        _meter.CreateObservableGauge("relay.master.subscriptions", () => core.SubscriptionCount, "{subscription}", "Subscriptions of rooms and inboxes, in memory or not.");
        _meter.CreateObservableGauge("relay.master.topics", () => core.TopicCount, "{topic}", "Topics of which it is known how far they have been handed on.");
        _meter.CreateObservableGauge("relay.master.commands.pending", () => core.CommandCount, "{command}", "Commands for services without an answer.");
        _meter.CreateObservableGauge("relay.master.outcomes", () => core.OutcomeCount, "{command}", "Commands whose answers are kept for who asks again.");
        _meter.CreateObservableGauge("relay.master.channels.awaited", () => core.OpeningCount, "{channel}", "Channels being read for commands, updates or the ends of subscriptions.");
        _meter.CreateObservableGauge("relay.master.channels", () => core.ChannelCount, "{channel}", "Channels in memory.");
        _meter.CreateObservableGauge("relay.master.edges", () => core.EdgeCount, "{edge}", "Edges heard from lately.");
        _meter.CreateObservableGauge("relay.master.inbox.bytes", inboxBytes, "By", "Messages of edges that wait for the master.");
    }

    public void Flushed(TimeSpan duration) => _flushSeconds.Record(duration.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Splits(MasterCounters counters) => MasterCounters.SplitModes.Select(
        mode => new Measurement<long>(counters.Splits(mode), new KeyValuePair<string, object?>("mode", NameOf(mode))));

    private static IEnumerable<Measurement<long>> Controls(MasterCounters counters) => MasterCounters.ControlVerbs.Select(
        verb => new Measurement<long>(counters.Controls(verb), new KeyValuePair<string, object?>("verb", NameOf(verb))));

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static IEnumerable<Measurement<long>> SpeechRefusals(MasterCounters counters) => MasterCounters.SpeechRefusalCodes.Select(
        code => new Measurement<long>(counters.SpeechRefusals(code), new KeyValuePair<string, object?>("code", (int)code)));
}
