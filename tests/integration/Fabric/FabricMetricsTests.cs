using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using RelayServer.Fabric;
using RelayServer.IntegrationTests.Support;
using static RelayServer.IntegrationTests.Fabric.TestBodies;

namespace RelayServer.IntegrationTests.Fabric;

public sealed class FabricMetricsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Meter_FlushSendAndReceive_EveryInstrumentTaggedWithTheKindOnly()
    {
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "RelayServer.Fabric")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();

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

        void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Assert.Equal(1, tags.Length);
            Assert.Equal("fabric", tags[0].Key);
            Assert.Contains(tags[0].Value, new object[] { "redis", "embedded" });
            seen.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
        }
    }
}
