using System.CommandLine;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Reports;
using RelayServer.Bench.Scenarios;

namespace RelayServer.Bench.Commands;

/// <summary><c>subscriptions</c>: many stored subscriptions, and updates for some of them.</summary>
internal sealed class SubscriptionsCommand
{
    private static readonly SubscriptionsOptions Standard = new();

    private readonly Option<int> _subscriptions = OptionRules.Number("--subscriptions", "Inboxes, each with one subscription.", Standard.Subscriptions, 1, 10_000_000);
    private readonly Option<int> _subjects = OptionRules.Number("--subjects", "Subjects that they are spread over.", Standard.Subjects, 1, 1_000_000);
    private readonly Option<FileInfo?> _json = OptionRules.File("--json", "Writes the result as JSON.");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var options = new SubscriptionsCommand();
        var command = new Command("subscriptions", "Many stored subscriptions: to read them, to find whom an update is for, and to give it to them.")
        {
            options._subscriptions,
            options._subjects,
            options._json,
        };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => options.RunAsync(parsed, cancellationToken)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new SubscriptionsOptions { Subscriptions = parsed.GetValue(_subscriptions), Subjects = parsed.GetValue(_subjects) };
        MachineInfo machine = MachineInfo.Read(Environment.GetCommandLineArgs().Skip(1));
        SubscriptionsResult result = await new SubscriptionsScenario(options, new RunProgress()).RunAsync(cancellationToken);
        SubscriptionsReport.WriteTable(ReportConsole.Open(), options, result, machine);
        if (parsed.GetValue(_json) is { } json)
        {
            using FileStream stream = json.Create();
            SubscriptionsReport.WriteJson(stream, options, result, machine);
        }

        return ExitCode.Clean;
    }
}
