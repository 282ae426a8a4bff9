using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using RelayServer.Metrics;
using RelayServer.Options;

namespace RelayServer.UnitTests.Host;

/// <summary>Metrics as Prometheus text.</summary>
public sealed class PrometheusTextTests
{
    [Theory]
    [InlineData("relay.edge.connections", "{connection}", false, "relay_edge_connections")]
    [InlineData("relay.edge.deliveries", "{message}", true, "relay_edge_deliveries_total")]
    [InlineData("relay.edge.inbox.bytes", "By", false, "relay_edge_inbox_bytes")]
    [InlineData("relay.master.log.bytes", "By", true, "relay_master_log_bytes_total")]
    [InlineData("relay.fabric.flush.duration", "s", false, "relay_fabric_flush_duration_seconds")]
    [InlineData("relay.bytes.total", "By", true, "relay_bytes_total")]
    [InlineData("relay.load", "1", false, "relay_load_ratio")]
    [InlineData("relay.load", "%", false, "relay_load_percent")]
    [InlineData("9.lives", null, false, "_9_lives")]
    [InlineData("a--b..c/d", "", false, "a_b_c_d")]
    public void OfMetric_NameAndUnit_FollowThePrometheusRules(string name, string? unit, bool isCounter, string expected)
    {
        Assert.Equal(expected, PrometheusName.OfMetric(name, unit, isCounter));
    }

    [Fact]
    public void WriteSample_LabelValues_AreEscaped()
    {
        Assert.Equal(
            "m{a=\"back\\\\slash\",b=\"quote\\\"\",c=\"line\\nfeed\",d=\"\u00e9\"} 1\n",
            Write(writer => writer.WriteSample("m", "", [new("a", @"back\slash"), new("b", "quote\""), new("c", "line\nfeed"), new("d", "\u00e9")], null, 1)));
    }

    [Fact]
    public void WriteFamily_HelpText_IsEscapedAndNeverEmpty()
    {
        Assert.Equal("# HELP m a\\\\b\\nc \"d\"\n# TYPE m gauge\n", Write(writer => writer.WriteFamily("m", "gauge", "a\\b\nc \"d\"")));
        Assert.Equal("# HELP m m\n# TYPE m gauge\n", Write(writer => writer.WriteFamily("m", "gauge", "")));
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e21, "1E+21")]
    [InlineData(12345678901.0, "12345678901")]
    public void WriteSample_Number_IsInvariantAndShortest(double value, string expected)
    {
        Assert.Equal($"m {expected}\n", Write(writer => writer.WriteSample("m", "", [], null, value)));
    }

    [Fact]
    public void Render_InstrumentsOfEveryKind_AreWrittenWithTheirTypes()
    {
        using var meter = new Meter("RelayServer.Test.Kinds");
        using var metrics = new RelayMetrics(new MetricsOptions());
        meter.CreateCounter<long>("kinds.counted", "{thing}", "Things.").Add(3, new KeyValuePair<string, object?>("kind", "a"));
        meter.CreateUpDownCounter<long>("kinds.open", null, "Open.").Add(-2);
        meter.CreateObservableGauge("kinds.level", () => 1.5, "By", "Level.");
        Histogram<double> durations = meter.CreateHistogram<double>("kinds.duration", "s", "Took.");
        durations.Record(0.003);
        durations.Record(100);

        string page = Encoding.UTF8.GetString(metrics.Render());

        Assert.Contains("# HELP kinds_counted_total Things.\n# TYPE kinds_counted_total counter\nkinds_counted_total{kind=\"a\"} 3\n", page, StringComparison.Ordinal);
        Assert.Contains("# TYPE kinds_open gauge\nkinds_open -2\n", page, StringComparison.Ordinal);
        Assert.Contains("# TYPE kinds_level_bytes gauge\nkinds_level_bytes 1.5\n", page, StringComparison.Ordinal);
        Assert.Contains("# TYPE kinds_duration_seconds histogram\nkinds_duration_seconds_bucket{le=\"0.0001\"} 0\n", page, StringComparison.Ordinal);
        Assert.Contains("kinds_duration_seconds_bucket{le=\"0.0025\"} 0\nkinds_duration_seconds_bucket{le=\"0.005\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("kinds_duration_seconds_bucket{le=\"+Inf\"} 2\nkinds_duration_seconds_sum 100.003\nkinds_duration_seconds_count 2\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SameInstrumentOfTwoMeters_IsOneFamily()
    {
        using var first = new Meter(new MeterOptions("RelayServer.Test.Twice") { Tags = [new("edge", "1")] });
        using var second = new Meter(new MeterOptions("RelayServer.Test.Twice") { Tags = [new("edge", "2")] });
        using var metrics = new RelayMetrics(new MetricsOptions());
        first.CreateCounter<long>("twice.things", null, "Things.").Add(1);
        second.CreateCounter<long>("twice.things", null, "Things.").Add(2);

        string page = Encoding.UTF8.GetString(metrics.Render());

        Assert.Single(page.Split("# TYPE twice_things_total "), part => part.StartsWith("counter", StringComparison.Ordinal));
        Assert.Contains("twice_things_total{edge=\"1\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("twice_things_total{edge=\"2\"} 2\n", page, StringComparison.Ordinal);
    }

    private static string Write(Action<PrometheusWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(new PrometheusWriter(buffer));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
