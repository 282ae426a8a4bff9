using System.CommandLine;

namespace RelayServer.Cli.Chat;

/// <summary><c>relay chat</c>: talk in a room from a terminal or a pipe.</summary>
internal static class ChatCommand
{
    private const string Details =
        """
        Terminal:
          Type lines; /help tells the commands that your role has, /quit, Ctrl-D or Ctrl-C leaves. Messages, your own
          included, appear above the prompt with time and sender. What happens to the room is told in lines that begin
          with --: splits and merges and where you are after them, pinned notices and products, purchases, who is muted
          or banned, hearts. A line that the relay does not take is shown as not sent, and the chat goes on. A line <3
          sends hearts, and a line that begins with // is said as it stands. There is color unless NO_COLOR is set.

        Services:
          What a service tells a room that has subscribed to it appears as a card with a number: -- [news] #3 Title. A line
          /news like #3 goes to the service news, about that card; without the number it is about the last one. /services
          lists them, /help news tells what one does, /subscribe news.headlines sport for 7d has the room told.
          With --inbox the window also shows what services tell you alone; 'relay subscribe' says of what.

        Pipe:
          Every line of the input is published, in order, and acked. At the end of the input the command waits for the
          last ack and leaves; with --history or --from-start it first prints what the room had. With --listen it goes
          on receiving until Ctrl-C, so a receiver is: relay chat lobby --listen < /dev/null
          With --count N it leaves when N messages were printed, not before and whatever the input does. What receives
          ends, too, when nobody reads its output any more, as with: relay chat lobby --listen < /dev/null | head -n 3
          Lines are messages, whatever they begin with, and nothing is shown of services, unless --commands is given.
          Output to a terminal shows time, sender and text. Output to a file or pipe is each message's text and a line
          feed, nothing else; --json prints one object a line, with an "event": message, split, moved, change, room,
          counts, reactions, presence, deleted, gap, update, result, subscription or service. In a pipe your own
          messages are printed with --echo or --count only. What happens to the room and the final counts go to the
          error output; --quiet leaves errors only.

        A lost connection is told at once and made again by itself; nothing is lost or doubled by that.

        Token, first found: --token, --token-file, --user, RELAY_TOKEN, your sign-in ('relay login'), the file `token` in the
        data folder (mode 600).

        Examples:
          relay chat lobby --user alice
          relay chat sale --user anna --role operator --observe
          relay chat lobby --user alice --inbox
          printf '/split groups 8\nhello to all groups\n' | relay chat sale --user anna --role operator --commands

        Exit codes: 0 done, 1 no relay or no connection, 2 wrong usage, 3 token unusable or refused, 4 an input line that
        is too long, not UTF-8 or no command (all before it are acked), 5 the room, a line or a command refused by the
        relay, 130 interrupted with lines unanswered.
        """;

    /// <summary>Makes the command, for the root command to add.</summary>
    public static Command Create() => Create(ChatConsole.System, Environment.GetEnvironmentVariable);

    internal static Command Create(Func<ChatConsole> console, Func<string, string?> environment)
    {
        var arguments = new ChatArguments();
        var command = new DetailedCommand("chat", "Talk in a room, from a terminal or in a pipe", Details);
        arguments.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
            new ChatSession(arguments.Read(parsed, environment), console()).RunAsync(cancellationToken));
        return command;
    }
}
