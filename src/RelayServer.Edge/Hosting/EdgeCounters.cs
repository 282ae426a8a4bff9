using System.Collections.Concurrent;
using RelayServer.Protocol;

namespace RelayServer.Edge.Hosting;

/// <summary>Running totals of an edge or of one of its threads; each field has one writer, metrics only read.</summary>
internal sealed class EdgeCounters
{
    public long Publishes;
    public long Acks;
    public long Queries;
    public long Commands;
    public long Calls;
    public long Reactions;
    public long ReactionsDropped;
    public long PresenceReports;
    public long Pushes;
    public long Enforcements;
    public long Joins;
    public long Leaves;
    public long Repairs;
    public long Reads;
    public long ReadsShared;
    public long Gaps;
    public long UnreadableEntries;
    public long Resends;
    public long LostRelays;
    public long DeliverWrites;
    public long DeliverBytes;
    public long Deliveries;
    public long SlowConsumers;
    public long OutboundQueuedBytes;

    /// <summary>Refused requests by code: a closed set.</summary>
    public ConcurrentDictionary<ErrorCode, long> Refusals { get; } = new();

    /// <summary>Sessions that the edge closed, by code.</summary>
    public ConcurrentDictionary<ErrorCode, long> Closes { get; } = new();

    public void CountRefusal(ErrorCode code) => Refusals.AddOrUpdate(code, 1, static (_, count) => count + 1);

    public void CountClose(ErrorCode code) => Closes.AddOrUpdate(code, 1, static (_, count) => count + 1);
}
