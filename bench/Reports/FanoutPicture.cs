using System.Globalization;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Scenarios;

namespace RelayServer.Bench.Reports;

/// <summary>Draws a fanout result: latency by percentile, and throughput over time.</summary>
internal static class FanoutPicture
{
    private const int Width = 900;
    private const int Height = 700;
    private const double NanosecondsPerMillisecond = 1e6;
    private const int PointsPerDecade = 20;
    private const int DecadesMax = 6;
    private const double IntervalsPerSecond = (double)Clock.NanosecondsPerSecond / RateSeries.IntervalNanoseconds;

    /// <summary>The picture as an SVG document.</summary>
    public static string Draw(FanoutOptions options, FanoutResult result, MachineInfo machine)
    {
        var canvas = new SvgCanvas(Width, Height);
        canvas.Text(20, 24, string.Create(
            CultureInfo.InvariantCulture,
            $"fanout: {options.Publishers} publishers, {options.Members} members, {options.PayloadBytes} B: {result.DeliveriesPerSecond / 1e6:F2} M deliveries/s"), "start");
        canvas.Text(20, 42, $"{machine.Machine}; commit {machine.Commit}; {machine.At:yyyy-MM-dd}", "start");
        DrawLatency(canvas, new SvgChart(80, 90, Width - 120, 230), result.Latency);
        DrawThroughput(canvas, new SvgChart(80, 410, Width - 120, 230), result.Series);
        return canvas.ToString();
    }

    // The x axis is the number of nines: each decade shows ten times rarer deliveries.
    private static void DrawLatency(SvgCanvas canvas, SvgChart chart, LatencyHistogram latency)
    {
        int decades = Math.Clamp((int)Math.Ceiling(Math.Log10(Math.Max(latency.Count, 10))), 2, DecadesMax);
        var points = new List<(double X, double Y)>();
        for (int i = 0; i <= decades * PointsPerDecade; i++)
        {
            double nines = (double)i / PointsPerDecade;
            points.Add((nines / decades, latency.ValueAt(1 - Math.Pow(10, -nines)) / NanosecondsPerMillisecond));
        }

        IEnumerable<(double, string)> marks = Enumerable.Range(0, decades + 1)
            .Select(nines => ((double)nines / decades, (100 * (1 - Math.Pow(10, -nines))).ToString("0.####", CultureInfo.InvariantCulture) + " %"));
        chart.Draw(canvas, "latency from the intended send time, in ms, by percentile", points, [.. marks], "#c0392b");
    }

    private static void DrawThroughput(SvgCanvas canvas, SvgChart chart, RateSeries series)
    {
        ReadOnlySpan<long> counts = series.Counts;
        int length = Math.Max(counts.LastIndexOfAnyExcept(0) + 1, 2);
        var points = new List<(double X, double Y)>();
        for (int i = 0; i < length; i++)
        {
            points.Add((i / (length - 1.0), counts[i] * IntervalsPerSecond / 1e6));
        }

        double seconds = length / IntervalsPerSecond;
        double step = SvgChart.NiceStep(seconds);
        IEnumerable<(double, string)> marks = Enumerable.Range(0, (int)(seconds / step) + 1)
            .Select(i => (i * step / seconds, (i * step).ToString("0.##", CultureInfo.InvariantCulture) + " s"));
        chart.Draw(canvas, "million deliveries a second, over time, warm-up included", points, [.. marks], "#2471a3");
    }
}
