using System.Globalization;
using System.Text.Json;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Scenarios;
using Spectre.Console;

namespace RelayServer.Bench.Reports;

/// <summary>Shows a subscriptions result to people and to programs.</summary>
internal static class SubscriptionsReport
{
    /// <summary>Writes the table.</summary>
    public static void WriteTable(IAnsiConsole console, SubscriptionsOptions options, SubscriptionsResult result, MachineInfo machine)
    {
        Table table = ReportTable.New(string.Create(CultureInfo.InvariantCulture, $"subscriptions: {options.Subscriptions:N0} of inboxes, to {options.Subjects:N0} subjects"));
        ReportTable.Row(table, "stored in", $"{result.StoreSeconds:F1} s");
        ReportTable.Row(table, "read and indexed in", $"{result.LoadSeconds:F1} s");
        ReportTable.Row(table, "memory of the index", $"{result.IndexBytes / ReportTable.BytesPerMebibyte:N0} MiB, {(double)result.IndexBytes / options.Subscriptions:N0} B each");
        ReportTable.Row(table, "receivers of one update", $"{result.Receivers:N0}");
        ReportTable.Row(table, "found in", $"{result.FindMicroseconds:N1} µs");
        ReportTable.Row(table, "given to them, none in memory", $"{result.ColdSeconds * 1000:N0} ms");
        ReportTable.Row(table, "the next one", $"{result.WarmSeconds * 1000:N0} ms");
        console.Write(table);
        ReportTable.WriteMachine(console, machine);
    }

    /// <summary>Writes one JSON object.</summary>
    public static void WriteJson(Stream stream, SubscriptionsOptions options, SubscriptionsResult result, MachineInfo machine)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("scenario", "subscriptions");
        json.WriteNumber("subscriptions", options.Subscriptions);
        json.WriteNumber("subjects", options.Subjects);
        json.WriteNumber("store_s", Math.Round(result.StoreSeconds, 3));
        json.WriteNumber("load_s", Math.Round(result.LoadSeconds, 3));
        json.WriteNumber("index_bytes", result.IndexBytes);
        json.WriteNumber("receivers", result.Receivers);
        json.WriteNumber("find_us", Math.Round(result.FindMicroseconds, 3));
        json.WriteNumber("cold_s", Math.Round(result.ColdSeconds, 3));
        json.WriteNumber("warm_s", Math.Round(result.WarmSeconds, 3));
        FanoutJson.WriteMachine(json, machine);
        json.WriteEndObject();
    }
}
