using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using RelayServer.Bench.Micro;

namespace RelayServer.Bench.Commands;

/// <summary><c>micro</c>: what single operations cost.</summary>
internal sealed class MicroCommand
{
    private readonly Option<string> _filter = new("--filter")
    {
        Description = "Only benchmarks whose full name matches, such as *Publish*.",
        DefaultValueFactory = _ => "*",
    };

    private readonly Option<bool> _quick = OptionRules.Switch("--quick", "Few, short iterations: a look, not a measurement.");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var options = new MicroCommand();
        var command = new Command("micro", "Single operations: nanoseconds and allocated bytes of each, by BenchmarkDotNet.")
        {
            options._filter,
            options._quick,
        };
        command.SetAction(parsed => Run(parsed.GetValue(options._filter)!, parsed.GetValue(options._quick)));
        return command;
    }

    private static int Run(string filter, bool quick)
    {
        // In the process that is running: the usual way restores and builds a generated project, which needs a network.
        Job job = (quick ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(JsonExporter.Brief)
            .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "micro"));
        Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(CodecBenchmarks).Assembly).Run(["--filter", filter], config)];
        return summaries.Length > 0 && summaries.All(summary => !summary.HasCriticalValidationErrors) ? ExitCode.Clean : ExitCode.CannotRun;
    }
}
