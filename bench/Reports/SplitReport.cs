using System.Globalization;
using System.Text.Json;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Scenarios;
using Spectre.Console;

namespace RelayServer.Bench.Reports;

/// <summary>Shows a split result to people and to programs.</summary>
internal static class SplitReport
{
    private const double BytesPerMegabyte = 1e6;

    /// <summary>Writes the table.</summary>
    public static void WriteTable(
        IAnsiConsole console, SplitOptions options, IReadOnlyList<SplitPhase> phases, IReadOnlyList<string> processes, MachineInfo machine)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .Title(string.Create(CultureInfo.InvariantCulture, $"split: {options.Members} members, {options.Rate:N0} messages/s of {options.PayloadBytes} B"));
        table.AddColumn("the room is");
        foreach (string column in (string[])["parts", "published/s", "master to edges", "edges to members", .. processes.Select(name => $"CPU {name}")])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (SplitPhase phase in phases)
        {
            table.AddRow([
                phase.Name,
                Text($"{phase.Partitions}"),
                Text($"{phase.PublishesPerSecond:N0}"),
                Text($"{phase.RelayedBytesPerSecond / BytesPerMegabyte:N3} MB/s"),
                Text($"{phase.DeliveredBytesPerSecond / BytesPerMegabyte:N1} MB/s"),
                .. phase.CpuCores.Select(cores => Text($"{100 * cores:N1} %")),
            ]);
        }

        console.Write(table);
        ReportTable.WriteMachine(console, machine);
    }

    /// <summary>Writes one JSON object.</summary>
    public static void WriteJson(
        Stream stream, SplitOptions options, IReadOnlyList<SplitPhase> phases, IReadOnlyList<string> processes, MachineInfo machine)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("scenario", "split");
        json.WriteNumber("members", options.Members);
        json.WriteNumber("publishers", options.Publishers);
        json.WriteNumber("payload_bytes", options.PayloadBytes);
        json.WriteNumber("rate_per_s", options.Rate);
        json.WriteStartArray("phases");
        foreach (SplitPhase phase in phases)
        {
            json.WriteStartObject();
            json.WriteString("room", phase.Name);
            json.WriteNumber("partitions", phase.Partitions);
            json.WriteNumber("publishes_per_s", Math.Round(phase.PublishesPerSecond, 1));
            json.WriteNumber("relayed_bytes_per_s", Math.Round(phase.RelayedBytesPerSecond));
            json.WriteNumber("delivered_bytes_per_s", Math.Round(phase.DeliveredBytesPerSecond));
            json.WriteStartObject("cpu_cores");
            for (int i = 0; i < processes.Count; i++)
            {
                json.WriteNumber(processes[i], Math.Round(phase.CpuCores[i], 4));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        FanoutJson.WriteMachine(json, machine);
        json.WriteEndObject();
    }

    private static string Text(FormattableString value) => value.ToString(CultureInfo.InvariantCulture);
}
