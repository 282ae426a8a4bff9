using System.Diagnostics.Metrics;

namespace RelayServer.Storage;

/// <summary>Instruments of all databases of a process; tags are the engine, the kind of transaction and its outcome.</summary>
internal static class StorageMetrics
{
    public const string MeterName = "RelayServer.Storage";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> TransactionDuration = Meter.CreateHistogram(
        "relay.storage.transaction.duration", "s", "From the call to the end of one transaction, waiting for a connection included.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
        });

    private static readonly Counter<long> Retries =
        Meter.CreateCounter<long>("relay.storage.retries", "{retry}", "Transactions run again because others came between.");

    public static void AddTransaction(DatabaseEngine engine, bool isWrite, string outcome, TimeSpan duration)
    {
        if (TransactionDuration.Enabled)
        {
            TransactionDuration.Record(
                duration.TotalSeconds, new("engine", NameOf(engine)), new("kind", isWrite ? "write" : "read"), new("outcome", outcome));
        }
    }

    public static void AddRetry(DatabaseEngine engine) => Retries.Add(1, new KeyValuePair<string, object?>("engine", NameOf(engine)));

    private static string NameOf(DatabaseEngine engine) => engine == DatabaseEngine.Sqlite ? "sqlite" : "postgresql";
}
