using System.CommandLine;

namespace RelayServer.Cli.Chat;

/// <summary><c>relay chat</c>: talk in a room from a terminal or a pipe.</summary>
internal static class ChatCommand
{
    private const string Description =
        """
        Talk in a room, from a terminal or in a pipe.

        Terminal: type lines; /help tells the commands, /quit, Ctrl-D or Ctrl-C leaves. Messages, your own included,
        appear above the prompt with time and sender. A line that the relay does not take is shown as not sent, and the
        chat goes on. There is color unless NO_COLOR is set.
        Pipe: every line of the input is published, in order, and acked. At the end of the input the command waits for
        the last ack and leaves; with --history or --from-start it first prints what the room had. With --listen it
        goes on receiving until Ctrl-C, so a receiver is: relay chat lobby --listen < /dev/null
        With --count N it leaves when N messages were printed, not before and whatever the input does. What receives
        ends, too, when nobody reads its output any more, as with: relay chat lobby --listen < /dev/null | head -n 3
        Output to a terminal shows time, sender and text. Output to a file or pipe is each message's text and a line
        feed, nothing else; --json prints one object a line. In a pipe your own messages are printed
        with --echo or --count only.
        Status and the final counts go to the error output; --quiet leaves errors only.
        A lost connection is told at once and made again by itself; nothing is lost or doubled by that.

        Token, first found: --token, --token-file, --user, RELAY_TOKEN, the file `token` in the data folder (mode 600).

        Exit: 0 done, 1 no connection, 2 wrong usage, 3 no token or token refused, 4 an input line that is too long or
        not UTF-8 (all before it are acked), 5 the room or a line refused by the relay, 130 interrupted with lines
        unanswered.
        """;

    /// <summary>Makes the command, for the root command to add.</summary>
    public static Command Create() => Create(ChatConsole.System, Environment.GetEnvironmentVariable);

    internal static Command Create(Func<ChatConsole> console, Func<string, string?> environment)
    {
        var arguments = new ChatArguments();
        var command = new Command("chat", Description);
        arguments.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            new ChatSession(arguments.Read(parsed, environment), console()).RunAsync(cancellationToken));
        return command;
    }
}
