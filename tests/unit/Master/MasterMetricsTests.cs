using System.Diagnostics.Metrics;
using RelayServer.Master.Hosting;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Master;

/// <summary>What a master counts is told under names and tags that are known beforehand.</summary>
public sealed class MasterMetricsTests
{
    [Fact]
    public void Observe_SplitsControlsAndSkipped_HaveEveryTagOnceWhateverHappened()
    {
        using var bench = new MasterBench();
        MasterCounters counters = bench.Counters;
        counters.Skipped = 70_001;
        List<(string Name, long Value, string? Tag)> told = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "RelayServer.Master")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            told.Add((instrument.Name, value, tags.Length == 0 ? null : $"{tags[0].Key}={tags[0].Value}")));
        listener.Start();
        using var metrics = new MasterMetrics(counters, bench.Core, () => 0);
        counters.CountSwitch(SplitMode.Groups);
        counters.CountSwitch(SplitMode.Whole);
        counters.CountControl(ControlVerb.BanAddress);
        listener.RecordObservableInstruments();

        Assert.Contains(("relay.master.splits", 1L, "mode=groups"), told);
        Assert.Contains(("relay.master.splits", 0L, "mode=edges"), told);
        Assert.Contains(("relay.master.merges", 1L, null), told);
        Assert.Contains(("relay.master.controls", 1L, "verb=ban_address"), told);
        Assert.Contains(("relay.master.skipped", 70_001L, null), told);
        Assert.Equal(
            [.. MasterCounters.ControlVerbs.Select(verb => verb.ToString()).Order()],
            told.Where(measured => measured.Name == "relay.master.controls")
                .Select(measured => measured.Tag!["verb=".Length..].Replace("_", "", StringComparison.Ordinal))
                .Distinct().Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
    }
}
