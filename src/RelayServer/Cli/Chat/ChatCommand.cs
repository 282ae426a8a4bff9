using System.CommandLine;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary><c>relay chat</c>: talk in a room from a terminal or a pipe.</summary>
internal static class ChatCommand
{
    private const string DefaultEdge = "127.0.0.1:7400";

    private const string Description =
        """
        Talk in a room, from a terminal or in a pipe.

        Terminal: type lines; Ctrl-D or Ctrl-C leaves. Messages of others appear above the prompt.
        Pipe: every line of the input is published, in order, and acked. At the end of the input the command waits for
        the last ack and leaves; with --history or --from-start it first prints what the room had; with --count N it
        goes on until N messages were printed, with --listen until Ctrl-C. So a receiver is
          relay chat --room lobby --listen < /dev/null
        Output to a terminal shows time, sender and text. Output to a file or pipe is each message's text and a line
        feed, nothing else; --json prints one object a line. Your own messages are printed only with --echo.
        Status and the final counts go to the error output; --quiet leaves errors only.

        Token, first found: --token, --token-file, --user, RELAY_TOKEN, the file `token` in the data folder (mode 600).

        Exit: 0 done, 1 wrong usage, 2 no connection, 3 no token or token refused, 4 an input line that is too long or
        not UTF-8 (all before it are acked), 5 refused by the relay, 130 interrupted with messages not acked.
        """;

    /// <summary>Makes the command, for the root command to add.</summary>
    public static Command Create() => Create(ChatConsole.System, Environment.GetEnvironmentVariable);

    internal static Command Create(Func<ChatConsole> console, Func<string, string?> environment)
    {
        var room = new Option<string>("--room", "-r") { Description = "The room.", Required = true };
        var edge = new Option<string[]>("--edge", "-e")
        {
            Description = "An edge, host:port; may be repeated: they are tried in turn.",
            DefaultValueFactory = _ => [DefaultEdge],
        };
        var token = new Option<string?>("--token")
        {
            Description = "The token itself. Others on this machine can see it in the list of processes: prefer --token-file.",
        };
        var tokenFile = new Option<string?>("--token-file") { Description = "A file with the token, readable by you only." };
        var user = new Option<string?>("--user", "-u")
        {
            Description = "Sign in as this user, with the key of the one-process relay that runs on the data folder.",
        };
        var data = new Option<string?>("--data")
        {
            Description = "The server's data folder [default: $RELAY_DATA, $XDG_DATA_HOME/relay or ~/.local/share/relay].",
        };
        var history = new Option<int?>("--history")
        {
            Description = $"Begin with the last N messages, at most {ProtocolLimits.JoinHistoryMessagesMax}.",
        };
        var fromStart = new Option<bool>("--from-start") { Description = "Begin with the first message that the room still has." };
        var json = new Option<bool>("--json") { Description = "Print objects with room, epoch, seq, from, text and at." };
        var count = new Option<int?>("--count") { Description = "Leave after N printed messages." };
        var listen = new Option<bool>("--listen") { Description = "Go on receiving after the end of the input." };
        var echo = new Option<bool>("--echo") { Description = "Print your own messages, too." };
        var tls = new Option<bool>("--tls") { Description = "Encrypt, and check the edge's certificate." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Nothing but errors on the error output." };

        Validate(room, edge, history, count);
        var command = new Command("chat", Description)
        {
            room, edge, user, token, tokenFile, data, history, fromStart, json, count, listen, echo, tls, quiet,
        };
        RefuseBoth(command, fromStart, history);
        command.SetAction((parsed, cancellationToken) =>
        {
            var source = new ChatToken
            {
                Literal = parsed.GetValue(token),
                File = parsed.GetValue(tokenFile),
                User = parsed.GetValue(user),
                DataFolder = parsed.GetValue(data) ?? ChatDataFolder.Default(environment),
                Environment = environment,
            };
            var options = new ChatOptions
            {
                Room = parsed.GetValue(room)!,
                Edges = [.. parsed.GetValue(edge)!.Select(RelayEndpoint.Parse)],
                TokenProvider = _ => ValueTask.FromResult(source.Read()),
                Tls = parsed.GetValue(tls),
                From = parsed.GetValue(fromStart) ? JoinFrom.Beginning
                    : parsed.GetValue(history) is { } last ? JoinFrom.Last(last) : JoinFrom.Live,
                Json = parsed.GetValue(json),
                Echo = parsed.GetValue(echo),
                Count = parsed.GetValue(count),
                Listen = parsed.GetValue(listen),
                Quiet = parsed.GetValue(quiet),
            };
            return new ChatSession(options, console()).RunAsync(cancellationToken);
        });
        return command;
    }

    private static void Validate(Option<string> room, Option<string[]> edge, Option<int?> history, Option<int?> count)
    {
        Validate(room, name => ChannelName.IsValid(name) ? null : $"'{name}' cannot name a room");
        Validate(edge, edges => edges.FirstOrDefault(e => !RelayEndpoint.TryParse(e, out _)) is { } bad ? $"'{bad}' is not host:port" : null);
        Validate(history, n => n is < 0 or > ProtocolLimits.JoinHistoryMessagesMax
            ? $"--history takes 0 to {ProtocolLimits.JoinHistoryMessagesMax}" : null);
        Validate(count, n => n < 1 ? "--count takes 1 or more" : null);
    }

    private static void RefuseBoth(Command command, Option<bool> fromStart, Option<int?> history) => command.Validators.Add(result =>
    {
        if (result.GetValue(fromStart) && result.GetValue(history) is not null)
        {
            result.AddError("--history and --from-start exclude each other");
        }
    });

    private static void Validate<T>(Option<T> option, Func<T, string?> problemOf) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && !result.Errors.Any() && result.GetValueOrDefault<T>() is { } value && problemOf(value) is { } problem)
        {
            result.AddError(problem);
        }
    });
}
