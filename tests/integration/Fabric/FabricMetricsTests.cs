using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

public sealed class FabricMetricsTests(LimitedRedis redis) : IClassFixture<LimitedRedis>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meter_FlushSendAndReceive_EveryInstrumentTaggedWithTheKindOnly()
    {
        var seen = new ConcurrentDictionary<string, double>();
        using MeterListener listener = Listen((instrument, value, tags) =>
        {
            Assert.Contains(Assert.Single(tags, tag => tag.Key == "fabric").Value, new object[] { "redis", "embedded" });
            Assert.Equal(instrument.Name == "relay.fabric.operation.duration" ? 2 : 1, tags.Length);
            seen.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
        });

        using var folder = new TemporaryFolder();
        await using EmbeddedFabric fabric = await EmbeddedFabric.OpenAsync(
            new() { DataFolder = folder.Path }, TimeProvider.System, NullLoggerFactory.Instance, Cancel);
        var received = new MessageCollector();
        await using IAsyncDisposable subscription = await fabric.SubscribeAsync(FabricAddress.Edge("e"), received.Take, Cancel);
        ulong epoch = (await fabric.ClaimSlotsAsync("m", 0, Cancel))[0].Epoch;
        FabricFlush flush = Flush("m", epoch, Append(Room, epoch, 1), Append(Room, epoch, 2)).WithRelay(FabricAddress.Edge("e"), [], 0);
        Assert.Equal(FlushStatus.Committed, await fabric.FlushAsync(flush, Cancel));
        await received.NextAsync();
        listener.RecordObservableInstruments();

        // Other tests run at the same time: at least, not exactly.
        Assert.True(seen["relay.fabric.flush.duration"] > 0);
        Assert.True(seen["relay.fabric.flush.entries"] >= 2);
        Assert.True(seen["relay.fabric.flush.size"] >= flush.Appends[0].Body.Length);
        Assert.True(seen["relay.fabric.appends"] >= 2);
        Assert.True(seen["relay.fabric.sends"] >= 1);
        Assert.True(seen["relay.fabric.received"] >= 1);
        Assert.True(seen.ContainsKey("relay.fabric.connected"));
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("redis")]
    public async Task Meter_EveryRoundTrip_TimedByOperation(string kind)
    {
        var seen = new ConcurrentDictionary<string, int>();
        using MeterListener listener = Listen((instrument, value, tags) =>
        {
            if (instrument.Name == "relay.fabric.operation.duration" && tags.Contains(new("fabric", kind)))
            {
                Assert.True(value >= 0);
                seen.AddOrUpdate((string)tags.Single(tag => tag.Key == "operation").Value!, 1, (_, count) => count + 1);
            }
        });
        await using IFabricHost host = kind == "redis" ? new RedisHost(redis) : new EmbeddedHost();
        await using IFabric fabric = await host.OpenAsync();

        await fabric.ClaimSlotsAsync("m", 0, Cancel);
        await fabric.ReadSlotsAsync(Cancel);
        await fabric.ReadFromAsync(Room, 0, 0, 1000, Cancel);
        await fabric.ReadTailAsync(Room, 1, 1000, Cancel);
        await fabric.ListLogsAsync(0, 10, Cancel);
        await fabric.ReadRecordAsync("room", Cancel);
        await fabric.ListRecordsAsync(0, 10, Cancel);

        Assert.Equal(
            ["claim_slots", "list_logs", "list_records", "read_from", "read_record", "read_slots", "read_tail"],
            seen.Keys.Order(StringComparer.Ordinal));
    }

    private static MeterListener Listen(Action<Instrument, double, KeyValuePair<string, object?>[]> record)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "RelayServer.Fabric")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => record(instrument, value, tags.ToArray()));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => record(instrument, value, tags.ToArray()));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => record(instrument, value, tags.ToArray()));
        listener.Start();
        return listener;
    }
}
