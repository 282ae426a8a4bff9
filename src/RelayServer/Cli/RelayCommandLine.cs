using System.CommandLine;
using System.CommandLine.Parsing;
using RelayServer.Cli.Accounts;
using RelayServer.Cli.Chat;
using RelayServer.Cli.Connections;
using RelayServer.Cli.Demo;
using RelayServer.Cli.Rooms;
using RelayServer.Cli.Services;
using RelayServer.Hosting;
using RelayServer.Options;

namespace RelayServer.Cli;

/// <summary>The command line of <c>relay</c>.</summary>
internal static class RelayCommandLine
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="output">The standard output.</param>
    /// <param name="error">The standard error.</param>
    /// <param name="cancellationToken">Stops what runs.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        RootCommand root = CreateRoot();
        ParseResult parsed = root.Parse(arguments);
        string[] unknown = [.. UnknownWords(parsed, arguments)];
        if (unknown.Length == 0 && parsed is { Errors.Count: > 0, CommandResult.Command: { Action: null, Subcommands.Count: > 0 } group })
        {
            return await ShowCommandsAsync(root, group, error, cancellationToken);
        }

        if (parsed.Errors.Count > 0 || unknown.Length > 0)
        {
            WriteParseErrors(parsed, unknown, error);
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,

                    // While serving, signals are the host's: it drains before it ends.
                    ProcessTerminationTimeout = ServeCommand.Serves(parsed.CommandResult.Command) ? null : EndTimeout,
                    Output = output,
                    Error = error,
                },
                cancellationToken);
        }
        catch (SettingsException problem)
        {
            foreach (string line in problem.Problems)
            {
                await error.WriteLineAsync($"relay: {line}");
            }

            return ExitCode.Usage;
        }
        catch (StartException problem)
        {
            await error.WriteLineAsync($"relay: {problem.Message}");
            return ExitCode.Failed;
        }
        catch (CommandFailureException problem)
        {
            await error.WriteLineAsync($"relay: {problem.Message}");
            return problem.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Failed;
        }
    }

    /// <summary>The tree of commands.</summary>
    public static RootCommand CreateRoot()
    {
        RootCommand root = ServeCommand.CreateRoot();
        root.Add(ServeCommand.Create(RelayRole.Master));
        root.Add(ServeCommand.Create(RelayRole.Edge));
        root.Add(ServeCommand.Create(RelayRole.Auth));
        root.Add(ServeCommand.CreateAdapters());
        root.Add(ChatCommand.Create());
        root.Add(RoomCommand.Create());
        foreach (Command command in (IEnumerable<Command>)[ServiceCommand.Create(), .. SubscriptionCommands.All(), InboxCommand.Create(), PublishUpdateCommand.Create()])
        {
            root.Add(command);
        }

        root.Add(DemoCommand.Create());
        var console = new AccountConsole();
        foreach (Command command in (IEnumerable<Command>)
            [.. LoginCommand.All(console), AccountCommand.Create(console), ConsentCommand.Create(), .. LinkCommand.All(console)])
        {
            root.Add(command);
        }

        root.Add(TokenCommand.Create());
        root.Add(KeyCommand.Create());
        root.Add(ConfigCommand.Create());
        root.Add(HealthCommand.Create());
        DetailedHelp.AddTo(root);
        return root;
    }

    // Who types 'relay room' alone wants to know what there is, and a script that it did nothing.
    private static async Task<int> ShowCommandsAsync(RootCommand root, Command group, TextWriter error, CancellationToken cancellationToken)
    {
        string path = PathOf(group);
        await root.Parse([.. path.Split(' ').Skip(1), "--help"]).InvokeAsync(new InvocationConfiguration { Output = error, Error = error }, cancellationToken);
        await error.WriteLineAsync($"relay: '{path}' does nothing by itself; name one of its commands, as in '{path} {group.Subcommands[0].Name} --help'");
        return ExitCode.Usage;
    }

    // An unknown option that comes where an argument may be is taken for the argument: for a room, or a file to write. What
    // follows it may belong to it, so of that only options are named. After "--" everything is an argument.
    private static IEnumerable<string> UnknownWords(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        string[] words = [.. arguments.TakeWhile(word => word != "--")];
        string[] unknown =
        [
            .. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
                .Select(token => token.Value).Where(word => IsOption(word) && words.Contains(word)),
            .. parsed.UnmatchedTokens,
        ];
        int firstOption = unknown.Where(IsOption).Select(word => Array.IndexOf(words, word)).Where(index => index >= 0)
            .DefaultIfEmpty(words.Length).Min();
        return firstOption == words.Length
            ? unknown
            : unknown.Where(word => IsOption(word) || Array.IndexOf(words, word) < firstOption);
    }

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-' && !word.Contains(' ', StringComparison.Ordinal);

    private static void WriteParseErrors(ParseResult parsed, string[] unknown, TextWriter error)
    {
        Command command = parsed.CommandResult.Command;
        foreach (string word in unknown)
        {
            string? meant = Suggestion.For(word, NamesIn(command, IsOption(word)));
            string kind = IsOption(word) ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            error.WriteLine($"relay: unknown {kind} '{word}'{(meant is null ? string.Empty : $"; did you mean '{meant}'?")}");
        }

        // What else is wrong may only follow from a word that was taken for something else.
        foreach (ParseError problem in unknown.Length > 0 ? [] : parsed.Errors)
        {
            error.WriteLine($"relay: {problem.Message.Replace(" as expected type 'System.Int32'", ": expected a whole number", StringComparison.Ordinal)}");
        }

        error.WriteLine($"Try '{PathOf(command)} --help'.");
    }

    private static string PathOf(Command command) => command is RootCommand
        ? "relay"
        : $"{PathOf(command.Parents.OfType<Command>().First())} {command.Name}";

    private static IEnumerable<string> NamesIn(Command command, bool isOption) => isOption
        ? command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive))).Select(option => option.Name)
        : command.Subcommands.Select(subcommand => subcommand.Name);
}
