using System.Text.Json;
using RelayServer.Bench.Load.Publishing;
using RelayServer.Bench.Load.Receiving;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Reports;
using RelayServer.Bench.Scenarios;

namespace RelayServer.UnitTests.Bench;

/// <summary>What programs read from <c>--json</c>: names that stay.</summary>
public sealed class ReportJsonTests
{
    private static readonly MachineInfo Machine = new("machine", "runtime", "commit", "bench/run", DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("deliveries_per_s", 1000)]
    [InlineData("publishes_per_s", 100)]
    [InlineData("expected", 60)]
    [InlineData("received", 59)]
    [InlineData("lost", 1)]
    [InlineData("duplicated", 2)]
    [InlineData("out_of_order", 3)]
    [InlineData("p50_ms", 5)]
    [InlineData("p99_ms", 5)]
    [InlineData("p999_ms", 5)]
    [InlineData("max_ms", 5)]
    public void Write_Fanout_HasTheNumber(string name, double value)
    {
        JsonElement report = ReportOf(stream => FanoutJson.Write(stream, new FanoutOptions(), Result(), Machine));

        Assert.Equal("fanout", report.GetProperty("scenario").GetString());
        Assert.InRange(report.GetProperty(name).GetDouble(), value, value * 1.001);
    }

    [Theory]
    [InlineData("connections", 10)]
    [InlineData("rss_bytes_per_connection", 6000)]
    [InlineData("deliveries_per_s", 0)]
    [InlineData("lost", 0)]
    [InlineData("max_ms", 0)]
    public void WriteJson_Idle_HasTheNumber(string name, double value)
    {
        var result = new IdleResult
        {
            Joined = 10,
            Disconnected = 0,
            ConnectSeconds = 1,
            ResidentBytesBefore = 100_000,
            ResidentBytesAfter = 160_000,
            CpuPercent = 0,
            IdleSeconds = 10,
            Heartbeats = 0,
            Problems = [],
        };
        JsonElement report = ReportOf(stream => IdleReport.WriteJson(stream, new IdleOptions(), result, Machine));

        Assert.Equal("idle", report.GetProperty("scenario").GetString());
        Assert.Equal(value, report.GetProperty(name).GetDouble());
    }

    private static FanoutResult Result()
    {
        var latency = new LatencyHistogram();
        latency.Record(5_000_000);
        return new FanoutResult
        {
            Audit = new DeliveryAudit(Expected: 60, Received: 59, Lost: 1, Duplicated: 2, OutOfOrder: 3, Misplaced: 4),
            Publishes = new PublishTotals(Sent: 6, Acked: 6, Refused: 0),
            Joined = 10,
            Disconnected = 0,
            DeliveriesPerSecond = 1000,
            PublishesPerSecond = 100,
            BytesPerSecond = 0,
            BytesPerReceive = 0,
            DecodedShare = 0,
            Latency = latency,
            Series = new RateSeries(0, 0),
            Usage = new UsageSample(0, [], 0, [], 0),
            Processes = [],
            ResidentBytes = [],
            GcPauseSeconds = null,
            Problems = [],
        };
    }

    private static JsonElement ReportOf(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }
}
