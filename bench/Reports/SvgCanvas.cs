using System.Globalization;
using System.Text;

namespace RelayServer.Bench.Reports;

/// <summary>Builds a picture out of lines and words: the few parts of SVG that two charts need.</summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _text = new();

    /// <summary>An empty white picture.</summary>
    public SvgCanvas(int width, int height)
    {
        Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Append($"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>");
    }

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string color) =>
        Append($"<line x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\" stroke=\"{color}\"/>");

    /// <summary>A line through points.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, string color)
    {
        ArgumentNullException.ThrowIfNull(points);
        string joined = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F1},{point.Y:F1}")));
        Append($"<polyline points=\"{joined}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>");
    }

    /// <summary>Words at a place; anchor is start, middle or end.</summary>
    public void Text(double x, double y, string text, string anchor)
    {
        string escaped = System.Security.SecurityElement.Escape(text) ?? "";
        Append($"<text x=\"{x:F1}\" y=\"{y:F1}\" text-anchor=\"{anchor}\">{escaped}</text>");
    }

    /// <summary>The whole document.</summary>
    public override string ToString() => _text + "</svg>\n";

    private void Append(FormattableString element) =>
        _text.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
