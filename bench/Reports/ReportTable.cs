using System.Globalization;
using RelayServer.Bench.Measurement;
using Spectre.Console;

namespace RelayServer.Bench.Reports;

/// <summary>The table of a report: a name and a value in each row, and below it on what and by which command it was measured.</summary>
internal static class ReportTable
{
    /// <summary>In what sizes are said.</summary>
    public const double BytesPerMebibyte = 1024 * 1024;

    /// <summary>One without rows.</summary>
    public static Table New(string title)
    {
        Table table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(title)).HideHeaders();
        table.AddColumn(new TableColumn(""));
        table.AddColumn(new TableColumn("").RightAligned());
        return table;
    }

    /// <summary>Adds a row.</summary>
    public static void Row(Table table, string name, FormattableString value) =>
        table.AddRow(Markup.Escape(name), Markup.Escape(value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Says on what and by which command it was measured.</summary>
    public static void WriteMachine(IAnsiConsole console, MachineInfo machine)
    {
        console.WriteLine($"{machine.Machine}; {machine.Runtime}; commit {machine.Commit}");
        console.WriteLine(machine.CommandLine);
    }
}
