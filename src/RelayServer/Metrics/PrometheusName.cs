using System.Text;

namespace RelayServer.Metrics;

/// <summary>
/// Names of instruments as Prometheus writes them: dots become underscores, the unit is spelt out at the end, and a
/// counter ends with <c>_total</c>.
/// </summary>
internal static class PrometheusName
{
    private const string CounterSuffix = "_total";

    /// <summary>The family name of an instrument.</summary>
    /// <param name="instrument">Its dotted name.</param>
    /// <param name="unit">Its unit in UCUM, such as <c>s</c>, <c>By</c> or <c>{message}</c>.</param>
    /// <param name="isCounter">Whether it only grows.</param>
    public static string OfMetric(string instrument, string? unit, bool isCounter)
    {
        string name = Clean(instrument, allowColon: true);
        if (isCounter && name.EndsWith(CounterSuffix, StringComparison.Ordinal))
        {
            name = name[..^CounterSuffix.Length];
        }

        string unitName = OfUnit(unit);
        if (unitName.Length > 0 && !name.EndsWith('_' + unitName, StringComparison.Ordinal))
        {
            name += '_' + unitName;
        }

        return isCounter ? name + CounterSuffix : name;
    }

    /// <summary>The name of a label.</summary>
    public static string OfLabel(string tag) => Clean(tag, allowColon: false);

    // A text in braces only annotates what is counted; it is no unit.
    private static string OfUnit(string? unit) => unit switch
    {
        null or "" => string.Empty,
        ['{', .., '}'] => string.Empty,
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "By/s" => "bytes_per_second",
        "1" => "ratio",
        "%" => "percent",
        _ => Clean(unit, allowColon: false),
    };

    private static string Clean(string name, bool allowColon)
    {
        var clean = new StringBuilder(name.Length + 1);
        foreach (char c in name)
        {
            bool allowed = char.IsAsciiLetterOrDigit(c) || c == '_' || (allowColon && c == ':');
            if (clean.Length == 0 && char.IsAsciiDigit(c))
            {
                clean.Append('_');
            }

            // A run of other characters is one underscore, as double ones read as a mistake.
            if (allowed || clean.Length == 0 || clean[^1] != '_')
            {
                clean.Append(allowed ? c : '_');
            }
        }

        return clean.ToString().TrimEnd('_');
    }
}
