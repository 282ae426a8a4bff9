using System.Globalization;

namespace RelayServer.Bench.Measurement;

/// <summary>Reads single figures from the Prometheus text that a relay serves.</summary>
internal static class MetricsScrape
{
    /// <summary>
    /// The seconds that garbage collections of the processes have paused them for so far; null when that cannot be
    /// learned.
    /// </summary>
    public static Task<double?> GcPauseSecondsAsync(IReadOnlyList<Uri> addresses, CancellationToken cancellationToken) =>
        SumAsync(addresses, name => name.Contains("gc_pause_time", StringComparison.Ordinal), cancellationToken);

    /// <summary>A metric, added up over processes and labels; null when that cannot be learned.</summary>
    public static async Task<double?> SumAsync(IReadOnlyList<Uri> addresses, Func<string, bool> matches, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        double? total = null;
        foreach (Uri address in addresses)
        {
            try
            {
                string text = await client.GetStringAsync(address, cancellationToken);
                double? sum = Sum(text, matches);
                total = sum is null ? total : (total ?? 0) + sum;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // A busy or older relay without metrics: the report says that they are not known.
            }
        }

        return total;
    }

    /// <summary>Adds up the samples whose metric name matches; null when there are none.</summary>
    internal static double? Sum(string text, Func<string, bool> matches)
    {
        double? total = null;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            int nameEnd = line.IndexOfAny('{', ' ');
            int value = line.LastIndexOf('}') is var labelsEnd and >= 0 ? labelsEnd + 1 : nameEnd;
            if (nameEnd > 0 && matches(line[..nameEnd].ToString())
                && double.TryParse(FirstWord(line[value..]), NumberStyles.Float, CultureInfo.InvariantCulture, out double sample))
            {
                total = (total ?? 0) + sample;
            }
        }

        return total;
    }

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        int end = text.IndexOf(' ');
        return end < 0 ? text : text[..end];
    }
}
