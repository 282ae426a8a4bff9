using System.Buffers;
using System.Globalization;
using System.Text;

namespace RelayServer.Metrics;

/// <summary>
/// Writes the Prometheus text format, version 0.0.4:
/// <code>
/// # HELP name text
/// # TYPE name counter|gauge|histogram
/// name{label="value",...} number
/// </code>
/// </summary>
/// <param name="output">Takes the bytes.</param>
internal sealed class PrometheusWriter(IBufferWriter<byte> output)
{
    /// <summary>The media type of what is written.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Begins a family of samples.</summary>
    public void WriteFamily(string name, string type, string help)
    {
        Write("# HELP ");
        Write(name);
        Write(" ");
        WriteEscaped(help.Length == 0 ? name : help, quotes: false);
        Write("\n# TYPE ");
        Write(name);
        Write(" ");
        Write(type);
        Write("\n");
    }

    /// <summary>Writes one sample.</summary>
    /// <param name="name">Name of the family.</param>
    /// <param name="suffix">What follows it, such as <c>_bucket</c>; may be empty.</param>
    /// <param name="labels">The labels' names, which are clean, and their values.</param>
    /// <param name="bound">Upper bound of a bucket, for the label <c>le</c>; null for none.</param>
    /// <param name="value">The value.</param>
    public void WriteSample(
        string name, string suffix, IReadOnlyList<KeyValuePair<string, string>> labels, double? bound, double value)
    {
        Write(name);
        Write(suffix);
        if (labels.Count > 0 || bound is not null)
        {
            Write("{");
            string separator = string.Empty;
            foreach ((string label, string text) in labels)
            {
                Write(separator);
                WriteLabel(label, text);
                separator = ",";
            }

            if (bound is { } upper)
            {
                Write(separator);
                WriteLabel("le", FormatNumber(upper));
            }

            Write("}");
        }

        Write(" ");
        Write(FormatNumber(value));
        Write("\n");
    }

    private static string FormatNumber(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private void WriteLabel(string name, string value)
    {
        Write(name);
        Write("=\"");
        WriteEscaped(value, quotes: true);
        Write("\"");
    }

    private void WriteEscaped(string text, bool quotes)
    {
        ReadOnlySpan<char> rest = text;
        while (true)
        {
            int at = quotes ? rest.IndexOfAny('\\', '\n', '"') : rest.IndexOfAny('\\', '\n');
            if (at < 0)
            {
                Write(rest);
                return;
            }

            Write(rest[..at]);
            Write(rest[at] switch { '\\' => @"\\", '\n' => @"\n", _ => "\\\"" });
            rest = rest[(at + 1)..];
        }
    }

    private void Write(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);
}
