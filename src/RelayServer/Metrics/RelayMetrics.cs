using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using RelayServer.Options;

namespace RelayServer.Metrics;

/// <summary>
/// Aggregates the meters of this process: all of RelayServer's, and those of the runtime and of the connection server.
/// Shown on <c>/metrics</c>; pushed over OTLP when asked for.
/// </summary>
internal sealed class RelayMetrics : IDisposable
{
    private readonly PrometheusExporter _exporter = new();
    private readonly MeterProvider _provider;

    public RelayMetrics(MetricsOptions options)
    {
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .AddMeter("RelayServer.*", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel")
            .AddView(MetricViews.Of)
            .AddReader(new BaseExportingMetricReader(_exporter));
        if (options.OtlpEndpoint is { } endpoint)
        {
            builder.AddOtlpExporter((exporter, reader) =>
            {
                exporter.Endpoint = endpoint;
                exporter.Protocol = OtlpExportProtocol.Grpc;
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.OtlpIntervalSeconds * 1000;
            });
        }

        _provider = builder.Build();
    }

    /// <summary>A page of Prometheus text as of now.</summary>
    public byte[] Render() => _exporter.Render();

    public void Dispose() => _provider.Dispose();
}
