namespace RelayServer.Bench.Reports;

/// <summary>The percentiles that every report gives.</summary>
internal static class Percentiles
{
    /// <summary>Their names in JSON and their fractions.</summary>
    public static IReadOnlyList<(string Name, double Fraction)> Named { get; } =
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)];
}
