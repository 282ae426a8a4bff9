using System.Globalization;
using OpenTelemetry.Metrics;

namespace RelayServer.Metrics;

/// <summary>
/// All metrics that share a name: one instrument, or the same instrument of several meters that differ in their tags.
/// The text format wants them together under one heading.
/// </summary>
/// <param name="name">The Prometheus name.</param>
/// <param name="type">The Prometheus type.</param>
/// <param name="help">What it measures.</param>
internal sealed class PrometheusFamily(string name, string type, string help)
{
    private readonly List<Metric> _metrics = [];

    /// <summary>The Prometheus type of a metric; null when it has none.</summary>
    public static string? TypeOf(Metric metric) => metric.MetricType switch
    {
        MetricType.LongSum or MetricType.DoubleSum => MetricViews.GoesDown(metric.Name) ? "gauge" : "counter",
        MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
        MetricType.LongGauge or MetricType.DoubleGauge => "gauge",
        MetricType.Histogram => "histogram",
        _ => null,
    };

    /// <summary>Takes a metric in; false when it is of another type than the family.</summary>
    public bool TryAdd(Metric metric)
    {
        if (TypeOf(metric) != type)
        {
            return false;
        }

        _metrics.Add(metric);
        return true;
    }

    /// <summary>Writes heading and samples.</summary>
    public void WriteTo(PrometheusWriter writer)
    {
        writer.WriteFamily(name, type, help);
        foreach (Metric metric in _metrics)
        {
            foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
            {
                WritePoint(writer, metric, in point);
            }
        }
    }

    private static List<KeyValuePair<string, string>> LabelsOf(Metric metric, in MetricPoint point)
    {
        List<KeyValuePair<string, string>> labels = [];
        foreach ((string key, object? value) in point.Tags)
        {
            AddLabel(labels, key, value);
        }

        foreach ((string key, object? value) in metric.MeterTags ?? [])
        {
            AddLabel(labels, key, value);
        }

        return labels;
    }

    // Two tags that become the same label would make the page unreadable; the first wins.
    private static void AddLabel(List<KeyValuePair<string, string>> labels, string key, object? value)
    {
        string label = PrometheusName.OfLabel(key);
        if (label.Length > 0 && !labels.Exists(existing => existing.Key == label))
        {
            labels.Add(new(label, Text(value)));
        }
    }

    private static string Text(object? value) => value switch
    {
        null => string.Empty,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    private void WritePoint(PrometheusWriter writer, Metric metric, in MetricPoint point)
    {
        List<KeyValuePair<string, string>> labels = LabelsOf(metric, in point);
        switch (metric.MetricType)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                writer.WriteSample(name, string.Empty, labels, null, point.GetSumLong());
                break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                writer.WriteSample(name, string.Empty, labels, null, point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                writer.WriteSample(name, string.Empty, labels, null, point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                writer.WriteSample(name, string.Empty, labels, null, point.GetGaugeLastValueDouble());
                break;
            case MetricType.Histogram:
                WriteHistogram(writer, labels, in point);
                break;
            default:
                break;
        }
    }

    // The SDK counts per bucket, Prometheus up to and with each bound.
    private void WriteHistogram(PrometheusWriter writer, List<KeyValuePair<string, string>> labels, in MetricPoint point)
    {
        long count = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            writer.WriteSample(name, "_bucket", labels, bucket.ExplicitBound, count);
        }

        writer.WriteSample(name, "_sum", labels, null, point.GetHistogramSum());
        writer.WriteSample(name, "_count", labels, null, count);
    }
}
