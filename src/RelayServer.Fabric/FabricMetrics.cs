using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RelayServer.Fabric;

/// <summary>Instruments of one kind of fabric. The tag is that kind; durations of operations have the operation, too.</summary>
internal sealed class FabricMetrics
{
    public const string MeterName = "RelayServer.Fabric";

    public const string ClaimSlots = "claim_slots";
    public const string ReadSlots = "read_slots";
    public const string ReadFrom = "read_from";
    public const string ReadTail = "read_tail";
    public const string ListLogs = "list_logs";
    public const string ReadRecord = "read_record";
    public const string ListRecords = "list_records";

    // From memory or a fast disk to a store that is at its limit.
    private static readonly double[] SecondsBounds =
        [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> FlushDuration = Meter.CreateHistogram(
        "relay.fabric.flush.duration", "s", "From the call to the commit of one flush.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondsBounds });

    private static readonly Histogram<double> OperationDuration = Meter.CreateHistogram(
        "relay.fabric.operation.duration", "s", "From the call to the answer of what is asked of the store besides flushes.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondsBounds });

    private static readonly Histogram<int> FlushEntries = Meter.CreateHistogram(
        "relay.fabric.flush.entries", "{entry}", "Log entries in one committed flush.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000] });

    private static readonly Histogram<int> FlushBytes = Meter.CreateHistogram(
        "relay.fabric.flush.size", "By", "Bodies, records and relay heads of one committed flush.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216] });

    private static readonly Counter<long> Appends =
        Meter.CreateCounter<long>("relay.fabric.appends", "{entry}", "Log entries committed.");

    private static readonly Counter<long> Sends =
        Meter.CreateCounter<long>("relay.fabric.sends", "{message}", "Messages sent, flushed relays included.");

    private static readonly Counter<long> Received =
        Meter.CreateCounter<long>("relay.fabric.received", "{message}", "Messages taken in for this process's subscriptions.");

    private static readonly Counter<long> Dropped =
        Meter.CreateCounter<long>("relay.fabric.dropped", "{message}", "Messages dropped because a subscription was too far behind.");

    private static readonly Counter<long> Reconnects =
        Meter.CreateCounter<long>("relay.fabric.reconnects", "{reconnect}", "Times the store could be reached again after it could not.");

    private readonly KeyValuePair<string, object?> _tag;
    private int _open;
    private int _connected;

    private FabricMetrics(string kind)
    {
        _tag = new("fabric", kind);
        Meter.CreateObservableGauge(
            "relay.fabric.connected", ObserveConnected, "{boolean}", "1 while the store can be reached, else 0.");
    }

    public static FabricMetrics Redis { get; } = new("redis");

    public static FabricMetrics Embedded { get; } = new("embedded");

    public void Flushed(TimeSpan elapsed, int entries, int bytes, int relays)
    {
        FlushDuration.Record(elapsed.TotalSeconds, _tag);
        FlushEntries.Record(entries, _tag);
        FlushBytes.Record(bytes, _tag);
        Appends.Add(entries, _tag);
        Sends.Add(relays, _tag);
    }

    /// <summary>Times what is answered; a failure is over at once or after a time limit and says nothing of the store's pace.</summary>
    public async Task<T> TimeAsync<T>(string operation, Func<Task<T>> ask)
    {
        long started = Stopwatch.GetTimestamp();
        T answer = await ask();
        OperationDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, _tag, new("operation", operation));
        return answer;
    }

    public void Sent() => Sends.Add(1, _tag);

    public void MessageReceived() => Received.Add(1, _tag);

    public void MessageDropped() => Dropped.Add(1, _tag);

    public void Opened() => Interlocked.Increment(ref _open);

    public void Closed() => Interlocked.Decrement(ref _open);

    public void ConnectionIs(bool connected, bool again)
    {
        Interlocked.Add(ref _connected, connected ? 1 : -1);
        if (connected && again)
        {
            Reconnects.Add(1, _tag);
        }
    }

    private IEnumerable<Measurement<int>> ObserveConnected()
    {
        int open = Volatile.Read(ref _open);
        return open == 0 ? [] : [new(Volatile.Read(ref _connected) >= open ? 1 : 0, _tag)];
    }
}
