using System.Buffers;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace RelayServer.Metrics;

/// <summary>Turns what the SDK has aggregated into a page of Prometheus text, when asked.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private const int CollectTimeoutMilliseconds = 5000;

    // Rendering is memory work of a few milliseconds; scrapes beyond the first wait for it.
    private readonly Lock _rendering = new();
    private readonly ArrayBufferWriter<byte> _page = new(64 * 1024);

    /// <inheritdoc/>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects now and returns the page.</summary>
    /// <exception cref="InvalidOperationException">The SDK could not collect in time, or is shut down.</exception>
    public byte[] Render()
    {
        lock (_rendering)
        {
            _page.ResetWrittenCount();
            return Collect?.Invoke(CollectTimeoutMilliseconds) == true
                ? _page.WrittenSpan.ToArray()
                : throw new InvalidOperationException("metrics could not be collected");
        }
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var families = new SortedDictionary<string, PrometheusFamily>(StringComparer.Ordinal);
        foreach (Metric metric in batch)
        {
            string? type = PrometheusFamily.TypeOf(metric);
            if (type is null)
            {
                continue;
            }

            string name = PrometheusName.OfMetric(metric.Name, metric.Unit, isCounter: type == "counter");
            if (!families.TryGetValue(name, out PrometheusFamily? family))
            {
                family = new PrometheusFamily(name, type, metric.Description);
                families.Add(name, family);
            }

            // The same name with another type cannot be written; the first keeps it.
            _ = family.TryAdd(metric);
        }

        var writer = new PrometheusWriter(_page);
        foreach (PrometheusFamily family in families.Values)
        {
            family.WriteTo(writer);
        }

        return ExportResult.Success;
    }
}
