using System.Globalization;
using System.Text.Json;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Scenarios;
using Spectre.Console;

namespace RelayServer.Bench.Reports;

/// <summary>Shows an idle result to people and to programs.</summary>
internal static class IdleReport
{
    private static readonly string[] TrafficNames =
    [
        "deliveries_per_s", "publishes_per_s", "expected", "received", "lost", "duplicated", "out_of_order",
        "p50_ms", "p99_ms", "p999_ms", "max_ms",
    ];

    /// <summary>Writes the table.</summary>
    public static void WriteTable(IAnsiConsole console, IdleOptions options, IdleResult result, MachineInfo machine)
    {
        Table table = ReportTable.New(string.Create(CultureInfo.InvariantCulture, $"idle: {options.Connections} connections in {options.Channels} rooms"));
        ReportTable.Row(table, "connections joined", $"{result.Joined:N0}");
        ReportTable.Row(table, "failed or ended", $"{result.Disconnected:N0}");
        ReportTable.Row(table, "time to join", $"{result.ConnectSeconds:F1} s");
        ReportTable.Row(table, "resident before", $"{result.ResidentBytesBefore / ReportTable.BytesPerMebibyte:N1} MiB");
        ReportTable.Row(table, "resident after", $"{result.ResidentBytesAfter / ReportTable.BytesPerMebibyte:N1} MiB");
        ReportTable.Row(table, "resident bytes per connection", $"{result.ResidentBytesPerConnection:N0}");
        ReportTable.Row(table, "CPU of the server, of one core", $"{result.CpuPercent:F2} %");
        ReportTable.Row(table, "heartbeats meanwhile", $"{result.Heartbeats:N0} in {result.IdleSeconds:F1} s");
        console.Write(table);
        foreach (string problem in result.Problems)
        {
            console.MarkupLineInterpolated($"[yellow]{problem}[/]");
        }

        ReportTable.WriteMachine(console, machine);
    }

    /// <summary>Writes one JSON object.</summary>
    public static void WriteJson(Stream stream, IdleOptions options, IdleResult result, MachineInfo machine)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("scenario", "idle");
        json.WriteNumber("connections", result.Joined);
        json.WriteNumber("disconnected", result.Disconnected);
        json.WriteNumber("channels", options.Channels);
        json.WriteNumber("connect_s", Math.Round(result.ConnectSeconds, 3));
        json.WriteNumber("rss_bytes_before", result.ResidentBytesBefore);
        json.WriteNumber("rss_bytes_after", result.ResidentBytesAfter);
        json.WriteNumber("rss_bytes_per_connection", Math.Round(result.ResidentBytesPerConnection));

        // Nothing is published while connections idle; the names are there so that all reports read alike.
        foreach (string name in TrafficNames)
        {
            json.WriteNumber(name, 0);
        }

        json.WriteNumber("cpu_percent", Math.Round(result.CpuPercent, 2));
        json.WriteNumber("idle_s", Math.Round(result.IdleSeconds, 3));
        json.WriteNumber("heartbeats", result.Heartbeats);
        FanoutJson.WriteMachine(json, machine);
        json.WriteEndObject();
    }
}
