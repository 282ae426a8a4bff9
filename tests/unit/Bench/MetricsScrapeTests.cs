using RelayServer.Bench.Measurement;

namespace RelayServer.UnitTests.Bench;

public sealed class MetricsScrapeTests
{
    private const string Text = """
        # HELP pause_seconds_total Pauses.
        # TYPE pause_seconds_total counter
        pause_seconds_total{gen="0",note="a } b"} 1.5
        pause_seconds_total{gen="1"} 0.25 1700000000
        other 7

        """;

    [Fact]
    public void Sum_Labelled_AddsAllSamples() =>
        Assert.Equal(1.75, MetricsScrape.Sum(Text, name => name == "pause_seconds_total"));

    [Fact]
    public void Sum_Absent_IsNull() => Assert.Null(MetricsScrape.Sum(Text, name => name == "missing"));

    [Fact]
    public void Sum_WithoutLabels_IsRead() => Assert.Equal(7, MetricsScrape.Sum(Text, name => name == "other"));
}
