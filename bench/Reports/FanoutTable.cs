using System.Globalization;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Scenarios;
using Spectre.Console;

namespace RelayServer.Bench.Reports;

/// <summary>Shows a fanout result to people.</summary>
internal static class FanoutTable
{
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>Writes the table.</summary>
    public static void Write(IAnsiConsole console, FanoutOptions options, FanoutResult result, MachineInfo machine)
    {
        console.Write(Delivery(options, result));
        console.Write(Cost(result));
        console.WriteLine(Bottleneck.Describe(result.Usage, Environment.ProcessorCount, options.Rate > 0));
        foreach (string problem in result.Problems)
        {
            console.MarkupLineInterpolated($"[yellow]{problem}[/]");
        }

        ReportTable.WriteMachine(console, machine);
        console.MarkupLine(result.IsClean
            ? "[green]Every acked message reached every member once and in order.[/]"
            : "[red]NOT clean: see lost, doubled, out of order, misplaced, unanswered and disconnected above.[/]");
    }

    private static Table Delivery(FanoutOptions options, FanoutResult result)
    {
        Table table = ReportTable.New(string.Create(
            CultureInfo.InvariantCulture,
            $"fanout: {options.Publishers} publishers, {options.Members} members, {options.PayloadBytes} B, {(options.Rate > 0 ? $"open loop at {options.Rate:N0}/s" : $"closed loop, window {options.WindowMessages}")}"));
        ReportTable.Row(table, "deliveries/s", $"{result.DeliveriesPerSecond:N0}");
        ReportTable.Row(table, "publishes/s", $"{result.PublishesPerSecond:N0}");
        ReportTable.Row(table, "bytes/s to members", $"{result.BytesPerSecond / ReportTable.BytesPerMebibyte:N1} MiB");
        ReportTable.Row(table, "latency p50", $"{Milliseconds(result, 0.5):N3} ms");
        ReportTable.Row(table, "latency p90", $"{Milliseconds(result, 0.9):N3} ms");
        ReportTable.Row(table, "latency p99", $"{Milliseconds(result, 0.99):N3} ms");
        ReportTable.Row(table, "latency p99.9", $"{Milliseconds(result, 0.999):N3} ms");
        ReportTable.Row(table, "latency max", $"{result.Latency.Max / NanosecondsPerMillisecond:N3} ms");
        table.AddEmptyRow();
        ReportTable.Row(table, "expected", $"{result.Audit.Expected:N0}");
        ReportTable.Row(table, "received", $"{result.Audit.Received:N0}");
        ReportTable.Row(table, "lost", $"{result.Audit.Lost:N0}");
        ReportTable.Row(table, "doubled", $"{result.Audit.Duplicated:N0}");
        ReportTable.Row(table, "out of order", $"{result.Audit.OutOfOrder:N0}");
        ReportTable.Row(table, "misplaced", $"{result.Audit.Misplaced:N0}");
        ReportTable.Row(table, "publishes refused", $"{result.Publishes.Refused:N0}");
        ReportTable.Row(table, "publishes unanswered", $"{result.Publishes.Unanswered:N0}");
        ReportTable.Row(table, "members disconnected", $"{result.Disconnected:N0}");
        return table;
    }

    private static Table Cost(FanoutResult result)
    {
        double seconds = Clock.ToSeconds(result.Usage.AtNanoseconds);
        Table table = ReportTable.New(string.Create(CultureInfo.InvariantCulture, $"cost in {seconds:F1} s"));
        for (int i = 0; i < result.Processes.Count; i++)
        {
            ReportTable.Row(table, $"CPU {result.Processes[i]}", $"{result.Usage.ServerCpuSeconds[i]:F2} s");
            ReportTable.Row(table, $"resident {result.Processes[i]}", $"{result.ResidentBytes[i] / ReportTable.BytesPerMebibyte:N0} MiB");
        }

        ReportTable.Row(table, "CPU generator", $"{result.Usage.GeneratorCpuSeconds:F2} s");
        ReportTable.Row(table, "  its threads", $"{string.Join(", ", result.Usage.LoopCpuSeconds.Select(loop => loop.ToString("F2", CultureInfo.InvariantCulture)))} s");
        ReportTable.Row(table, "CPU others", $"{result.Usage.OtherCpuSeconds:F2} s");
        table.AddRow("GC pauses of the server", result.GcPauseSeconds is { } pause
            ? string.Create(CultureInfo.InvariantCulture, $"{pause * 1000:F1} ms")
            : "not known");
        ReportTable.Row(table, "bytes per receive", $"{result.BytesPerReceive:N0}");
        ReportTable.Row(table, "decoded, not compared", $"{result.DecodedShare:P2}");
        return table;
    }

    private static double Milliseconds(FanoutResult result, double fraction) =>
        result.Latency.ValueAt(fraction) / NanosecondsPerMillisecond;
}
