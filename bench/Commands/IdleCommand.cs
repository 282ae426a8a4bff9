using System.CommandLine;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Reports;
using RelayServer.Bench.Scenarios;
using RelayServer.Bench.Targets;

namespace RelayServer.Bench.Commands;

/// <summary><c>idle</c>: what a connection costs that only stays.</summary>
internal sealed class IdleCommand
{
    private const int UsersMax = 1000;

    private static readonly IdleOptions Standard = new();

    private readonly Option<int> _connections = OptionRules.Number(
        "--connections", "Connections on one edge; this program and the relay each need a file for every one.", Standard.Connections, 1, 60_000);

    private readonly Option<int> _channels = OptionRules.Number("--channels", "Rooms that they are spread over.", Standard.Channels, 1, 60_000);
    private readonly Option<double> _settle = OptionRules.Real(
        "--settle-seconds", "Longest wait for the memory to come to rest.", Standard.SettleSeconds, 1, 600);

    private readonly Option<double> _idle = OptionRules.Real("--idle-seconds", "Length of the window for CPU.", Standard.IdleSeconds, 1, 86_400);
    private readonly Option<FileInfo?> _json = OptionRules.File("--json", "Writes the result as JSON.");
    private readonly TargetOptions _target = new();

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var options = new IdleCommand();
        var command = new Command("idle", "Many authenticated, joined, idle connections on one edge: memory and CPU of each.")
        {
            options._connections,
            options._channels,
            options._settle,
            options._idle,
            options._json,
        };
        options._target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => options.RunAsync(parsed, cancellationToken)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new IdleOptions
        {
            Connections = parsed.GetValue(_connections),
            Channels = parsed.GetValue(_channels),
            SettleSeconds = parsed.GetValue(_settle),
            IdleSeconds = parsed.GetValue(_idle),
        };
        MachineInfo machine = MachineInfo.Read(Environment.GetCommandLineArgs().Skip(1));
        ITarget target = await _target.OpenAsync(parsed, Math.Min(options.Connections, UsersMax), cancellationToken);
        IdleResult result;
        await using (target)
        {
            result = await new IdleScenario(options, target, new RunProgress()).RunAsync(cancellationToken);
        }

        IdleReport.WriteTable(ReportConsole.Open(), options, result, machine);
        if (parsed.GetValue(_json) is { } json)
        {
            using FileStream stream = json.Create();
            IdleReport.WriteJson(stream, options, result, machine);
        }

        return result.Joined == options.Connections && result.Disconnected == 0 ? ExitCode.Clean : ExitCode.NotClean;
    }
}
