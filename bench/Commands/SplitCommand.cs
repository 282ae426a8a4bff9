using System.CommandLine;
using RelayServer.Bench.Load;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Reports;
using RelayServer.Bench.Scenarios;
using RelayServer.Bench.Targets;
using RelayServer.Protocol;

namespace RelayServer.Bench.Commands;

/// <summary><c>split</c>: one busy room, whole and divided.</summary>
internal sealed class SplitCommand
{
    private static readonly SplitOptions Standard = new();

    private readonly Option<int> _members = OptionRules.Number("--members", "Members that listen, each a user of its own.", Standard.Members, 2, 10_000);
    private readonly Option<int> _publishers = OptionRules.Number("--publishers", "Members that publish.", Standard.Publishers, 1, 1000);
    private readonly Option<int> _payloadBytes = OptionRules.Number(
        "--payload-bytes", "Payload of a message, in bytes.", Standard.PayloadBytes, LoadMessage.SizeBytes, ProtocolLimits.PayloadBytesMax);

    private readonly Option<double> _rate = OptionRules.Real("--rate", "Messages a second of all publishers together.", Standard.Rate, 1, 1_000_000);
    private readonly Option<int> _groups = OptionRules.Number("--groups", "Groups of the split into groups.", Standard.Groups, 2, 128);
    private readonly Option<double> _seconds = OptionRules.Real("--seconds", "Length of each measured phase.", Standard.Seconds, 0.5, 3600);
    private readonly Option<double> _warmup = OptionRules.Real("--warmup-seconds", "Length of the warm-up before each.", Standard.WarmupSeconds, 0, 600);
    private readonly Option<FileInfo?> _json = OptionRules.File("--json", "Writes the result as JSON.");
    private readonly TargetOptions _target = new();

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var options = new SplitCommand();
        var command = new Command("split", "One busy room, whole, divided by edges and in groups: bytes and CPU of each.")
        {
            options._members,
            options._publishers,
            options._payloadBytes,
            options._rate,
            options._groups,
            options._seconds,
            options._warmup,
            options._json,
        };
        options._target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => options.RunAsync(parsed, cancellationToken)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new SplitOptions
        {
            Members = parsed.GetValue(_members),
            Publishers = parsed.GetValue(_publishers),
            PayloadBytes = parsed.GetValue(_payloadBytes),
            Rate = parsed.GetValue(_rate),
            Groups = parsed.GetValue(_groups),
            Seconds = parsed.GetValue(_seconds),
            WarmupSeconds = parsed.GetValue(_warmup),
        };
        MachineInfo machine = MachineInfo.Read(Environment.GetCommandLineArgs().Skip(1));
        ITarget target = await _target.OpenAsync(parsed, options.Members, cancellationToken);
        IReadOnlyList<SplitPhase> phases;
        IReadOnlyList<string> processes;
        await using (target)
        {
            processes = [.. target.Processes.Select(process => process.Name)];
            phases = await new SplitScenario(options, target, new RunProgress()).RunAsync(cancellationToken);
        }

        SplitReport.WriteTable(ReportConsole.Open(), options, phases, processes, machine);
        if (parsed.GetValue(_json) is { } json)
        {
            using FileStream stream = json.Create();
            SplitReport.WriteJson(stream, options, phases, processes, machine);
        }

        return ExitCode.Clean;
    }
}
