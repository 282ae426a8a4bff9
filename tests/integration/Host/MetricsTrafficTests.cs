using System.Globalization;
using System.Net;
using RelayServer.IntegrationTests.Support;
using RelayServer.Protocol;

namespace RelayServer.IntegrationTests.Host;

/// <summary>What the metrics count, against traffic of which every message is known.</summary>
public sealed class MetricsTrafficTests(MetricsProcess relay) : IClassFixture<MetricsProcess>
{
    private const int Messages = 10;
    private const string Room = "lobby";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Metrics_KnownTraffic_IsCountedExactly()
    {
        string token = await relay.ReadTokenAsync();
        await using WireClient alice = await WireClient.SignInAsync(IPEndPoint.Parse(relay.FirstEdge), token);
        await using WireClient bob = await WireClient.SignInAsync(IPEndPoint.Parse(relay.SecondEdge), token);
        await alice.JoinAsync(Room);
        await bob.JoinAsync(Room);
        await bob.SendJoinAsync("no such name!");
        Assert.Equal(ErrorCode.BadChannelName, (await bob.ReceiveErrorAsync()).Code);
        for (ulong number = 1; number <= Messages; number++)
        {
            await alice.SendPublishAsync(Room, 1, number, "text");
        }

        await alice.SendPublishAsync(Room, 1, 1, "text");
        await alice.ReceiveMessagesAsync(Messages);
        await bob.ReceiveMessagesAsync(Messages);

        string page = string.Empty;
        await Eventually.TrueAsync(
            () =>
            {
                page = relay.ReadAsync().GetAwaiter().GetResult();
                return Sum(page, "relay_edge_acks_total") == Messages + 1;
            },
            Patience,
            () => page);
        Assert.Equal(2, Sum(page, "relay_edge_connections"));
        Assert.Equal(2, Sum(page, "relay_edge_sessions"));
        Assert.Equal(2, Sum(page, "relay_edge_memberships"));
        Assert.Equal(2, Sum(page, "relay_edge_joins_total"));
        Assert.Equal(Messages + 1, Sum(page, "relay_edge_publishes_total"));
        Assert.Equal(2 * Messages, Sum(page, "relay_edge_deliveries_total"));
        Assert.Equal(1, Sum(page, "relay_edge_refusals_total", "code=\"BadChannelName\""));
        Assert.Equal(0, Sum(page, "relay_edge_slow_consumers_total"));
        Assert.Equal(0, Sum(page, "relay_edge_outbound_queued_bytes"));
        Assert.Equal(Messages, Sum(page, "relay_master_publishes_total"));
        Assert.Equal(1, Sum(page, "relay_master_duplicates_total"));

        double batches = Sum(page, "relay_fabric_appends_total");
        Assert.InRange(batches, 1, Messages);
        Assert.Equal(batches, Sum(page, "relay_fabric_flush_entries_sum"));
        Assert.Equal(2 * batches, Sum(page, "relay_edge_batch_size_count"));
        Assert.Equal(2 * Messages, Sum(page, "relay_edge_batch_size_sum"));
        Assert.InRange(Sum(page, "relay_master_log_bytes_total"), Messages * "text".Length, Messages * 200);
        foreach (string stage in (string[])["edge_answer", "edge_fanout", "master_flush", "fabric_flush", "fabric_operation"])
        {
            Assert.InRange(Sum(page, $"relay_{stage}_duration_seconds_count"), 1, double.MaxValue);
            Assert.InRange(Sum(page, $"relay_{stage}_duration_seconds_sum"), 1e-9, Patience.TotalSeconds);
        }
    }

    // Over all edges and other labels.
    private static double Sum(string page, string name, string label = "")
    {
        double[] values = [.. page.Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Where(line => line.Contains(label, StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))];
        Assert.True(values.Length > 0, $"no sample of {name}");
        return values.Sum();
    }
}
