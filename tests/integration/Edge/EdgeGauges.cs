using System.Diagnostics.Metrics;

namespace RelayServer.IntegrationTests.Edge;

/// <summary>Reads the gauges of one edge in this process, by its name.</summary>
internal sealed class EdgeGauges : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _values = [];

    public EdgeGauges(string edge)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "RelayServer.Edge" && instrument.IsObservable)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "edge" && (string?)tag.Value == edge)
                {
                    _values[instrument.Name] = value;
                }
            }
        });
        _listener.Start();
    }

    public long Read(string instrument)
    {
        _values.Remove(instrument);
        _listener.RecordObservableInstruments();
        return _values.GetValueOrDefault(instrument, -1);
    }

    public void Dispose() => _listener.Dispose();
}
