using System.CommandLine;
using RelayServer.Bench.Load;
using RelayServer.Bench.Load.Publishing;
using RelayServer.Bench.Measurement;
using RelayServer.Bench.Reports;
using RelayServer.Bench.Scenarios;
using RelayServer.Bench.Targets;
using RelayServer.Protocol;

namespace RelayServer.Bench.Commands;

/// <summary><c>fanout</c>: one room, some publishers, many members.</summary>
internal sealed class FanoutCommand
{
    // Signing a token for each of many thousands takes longer than the run.
    private const int UsersMax = 1000;

    private static readonly FanoutOptions Standard = new();

    private readonly Option<int> _members = OptionRules.Number("--members", "Members that listen.", Standard.Members, 1, 60_000);
    private readonly Option<int> _publishers = OptionRules.Number("--publishers", "Members that publish.", Standard.Publishers, 1, 1000);
    private readonly Option<int> _payloadBytes = OptionRules.Number(
        "--payload-bytes", "Payload of a message, in bytes.", Standard.PayloadBytes, LoadMessage.SizeBytes, ProtocolLimits.PayloadBytesMax);

    private readonly Option<double> _seconds = OptionRules.Real("--seconds", "Length of the measured phase.", Standard.Seconds, 0.5, 86_400);
    private readonly Option<double> _warmup = OptionRules.Real("--warmup-seconds", "Length of the warm-up.", Standard.WarmupSeconds, 0, 3600);
    private readonly Option<double> _drain = OptionRules.Real(
        "--drain-seconds", "At the end, how long to go on waiting when nothing more arrives.", Standard.DrainSeconds, 0, 600);

    private readonly Option<double> _rate = OptionRules.Real(
        "--rate", "Open loop: messages a second of all publishers together, on a fixed schedule. 0: closed loop.", Standard.Rate, 0, 10_000_000);

    private readonly Option<int> _window = OptionRules.Number(
        "--window", "Most unanswered messages of one publisher.", Standard.WindowMessages, 1, 1_000_000);

    private readonly Option<int> _loops = OptionRules.Number("--loops", "Receiving threads.", Standard.Loops, 1, 64);
    private readonly Option<PublisherKind> _publisher = new("--publisher")
    {
        Description = "What publishers are made of: the client library or bare frames.",
        DefaultValueFactory = _ => Standard.Publisher,
    };

    private readonly Option<bool> _apart = OptionRules.Switch("--apart", "All members on one edge, all publishers on another.");
    private readonly Option<FileInfo?> _json = OptionRules.File("--json", "Writes the result as JSON.");
    private readonly Option<FileInfo?> _svg = OptionRules.File("--svg", "Draws latency by percentile and throughput over time.");
    private readonly TargetOptions _target = new();

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var options = new FanoutCommand();
        var command = new Command("fanout", "One room: publishes, orders, logs, acks and delivers every message to every member.");
        foreach (Option option in (Option[])[
            options._members, options._publishers, options._payloadBytes, options._seconds, options._warmup, options._drain,
            options._rate, options._window, options._loops, options._publisher, options._apart, options._json, options._svg])
        {
            command.Add(option);
        }

        options._target.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(() => options.RunAsync(parsed, cancellationToken)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        FanoutOptions options = Read(parsed);
        var progress = new RunProgress();
        MachineInfo machine = MachineInfo.Read(Environment.GetCommandLineArgs().Skip(1));
        ITarget target = await _target.OpenAsync(parsed, Math.Min(options.Members, UsersMax), cancellationToken);
        FanoutResult result;
        await using (target)
        {
            result = await new FanoutScenario(options, target, progress).RunAsync(cancellationToken);
        }

        FanoutTable.Write(ReportConsole.Open(), options, result, machine);
        if (parsed.GetValue(_json) is { } json)
        {
            using FileStream stream = json.Create();
            FanoutJson.Write(stream, options, result, machine);
        }

        if (parsed.GetValue(_svg) is { } svg)
        {
            await File.WriteAllTextAsync(svg.FullName, FanoutPicture.Draw(options, result, machine), cancellationToken);
        }

        return result.IsClean ? ExitCode.Clean : ExitCode.NotClean;
    }

    private FanoutOptions Read(ParseResult parsed) => new()
    {
        Members = parsed.GetValue(_members),
        Publishers = parsed.GetValue(_publishers),
        PayloadBytes = parsed.GetValue(_payloadBytes),
        Seconds = parsed.GetValue(_seconds),
        WarmupSeconds = parsed.GetValue(_warmup),
        DrainSeconds = parsed.GetValue(_drain),
        Rate = parsed.GetValue(_rate),
        WindowMessages = parsed.GetValue(_window),
        Loops = parsed.GetValue(_loops),
        Publisher = parsed.GetValue(_publisher),
        Apart = parsed.GetValue(_apart),
    };
}
