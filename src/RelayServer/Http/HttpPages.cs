using System.Text.Encodings.Web;
using RelayServer.Hosting;

namespace RelayServer.Http;

/// <summary>The one page for people: what there is to read, and how the parts are.</summary>
internal static class HttpPages
{
    /// <summary>The page.</summary>
    /// <param name="report">How the parts are.</param>
    /// <param name="hasRooms">The process has an edge, so operators ask here about rooms.</param>
    public static string Index(ReadinessReport report, bool hasRooms)
    {
        HtmlEncoder html = HtmlEncoder.Default;
        IEnumerable<string> rows = report.Parts.Select(part =>
            $"<tr><td>{html.Encode(part.Name)}</td><td>{html.Encode(part.Reason ?? "ready")}</td></tr>");

        // Not a link: a browser has no token to send.
        string rooms = hasRooms ? "\n<li>/rooms: look at rooms and change them, with an operator's token (protocol/ADMIN.md)</li>" : string.Empty;
        return $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>RelayServer</title></head>
            <body>
            <h1>RelayServer {html.Encode(BuildVersion.Text)}</h1>
            <p>{(report.Ready ? "Ready" : $"Not ready{(report.Reason is null ? string.Empty : ": " + html.Encode(report.Reason))}")}.</p>
            <table>
            <tr><th scope="col">Part</th><th scope="col">State</th></tr>
            {string.Join('\n', rows)}
            </table>
            <ul>
            <li><a href="/metrics">/metrics</a> for Prometheus</li>
            <li><a href="/readyz">/readyz</a>: should work be sent here, and why not</li>
            <li><a href="/healthz">/healthz</a>: is the process alive</li>{rooms}
            </ul>
            </body>
            </html>

            """;
    }
}
