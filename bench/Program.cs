using System.CommandLine;
using System.CommandLine.Parsing;
using RelayServer.Bench.Commands;

var root = new RootCommand("Measures RelayServer: what its parts cost, how fast and how late it delivers, what a connection takes.");
root.Add(MicroCommand.Create());
root.Add(FanoutCommand.Create());
root.Add(IdleCommand.Create());
root.Add(SplitCommand.Create());
root.Add(SubscriptionsCommand.Create());

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (ParseError error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync($"relay-bench: {error.Message}");
    }

    await Console.Error.WriteLineAsync("bench/run --help, or bench/run SCENARIO --help, says what there is.");
    return ExitCode.CannotRun;
}

return await parsed.InvokeAsync();
