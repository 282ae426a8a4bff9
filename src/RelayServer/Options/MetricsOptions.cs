using System.ComponentModel.DataAnnotations;

namespace RelayServer.Options;

/// <summary>Where metrics go besides <c>/metrics</c>; section <c>Metrics</c>.</summary>
public sealed class MetricsOptions
{
    /// <summary>An OpenTelemetry collector to push to over OTLP/gRPC, such as <c>http://127.0.0.1:4317</c>; null pushes nothing.</summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>Time between two pushes, in seconds.</summary>
    [Range(1, 3600)]
    public int OtlpIntervalSeconds { get; set; } = 15;
}
