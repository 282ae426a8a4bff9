using System.Globalization;

namespace RelayServer.Bench.Reports;

/// <summary>One chart of a picture: a frame with marked axes and one line.</summary>
/// <param name="Left">Of the plot area, in pixels.</param>
/// <param name="Top">Of the plot area, in pixels.</param>
/// <param name="Width">Of the plot area, in pixels.</param>
/// <param name="Height">Of the plot area, in pixels.</param>
internal sealed record SvgChart(double Left, double Top, double Width, double Height)
{
    private const string AxisColor = "#444";
    private const string GridColor = "#ddd";
    private const int StepsWanted = 5;

    /// <summary>Draws the chart. The y axis starts at 0; x is given in parts of the width.</summary>
    public void Draw(
        SvgCanvas canvas,
        string title,
        IReadOnlyList<(double X, double Y)> points,
        IReadOnlyList<(double X, string Label)> marks,
        string color)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        double step = NiceStep(points.Count == 0 ? 1 : points.Max(point => point.Y));
        double top = step * Math.Max(1, Math.Ceiling(points.Count == 0 ? 1 : points.Max(point => point.Y) / step));
        canvas.Text(Left, Top - 12, title, "start");
        for (double y = 0; y <= top + (step / 2); y += step)
        {
            canvas.Line(Left, YOf(y, top), Left + Width, YOf(y, top), GridColor);
            canvas.Text(Left - 6, YOf(y, top) + 4, y.ToString("0.###", CultureInfo.InvariantCulture), "end");
        }

        foreach ((double x, string label) in marks)
        {
            canvas.Line(XOf(x), Top, XOf(x), Top + Height, GridColor);
            canvas.Text(XOf(x), Top + Height + 16, label, "middle");
        }

        canvas.Line(Left, Top, Left, Top + Height, AxisColor);
        canvas.Line(Left, Top + Height, Left + Width, Top + Height, AxisColor);
        canvas.Path(points.Select(point => (XOf(point.X), YOf(point.Y, top))), color);
    }

    // 1, 2 or 5 times a power of ten, so that the marks are numbers that people read.
    internal static double NiceStep(double max)
    {
        double rough = Math.Max(max, 1e-6) / StepsWanted;
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double fraction = rough / magnitude;
        return magnitude * (fraction <= 1 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10);
    }

    private double XOf(double x) => Left + (x * Width);

    private double YOf(double y, double top) => Top + Height - (y / top * Height);
}
