using System.CommandLine;
using System.CommandLine.Parsing;
using RelayServer.Cli.Connections;
using RelayServer.Cli.Rooms;
using RelayServer.Hosting;
using RelayServer.Options;
using RelayServer.Protocol;

namespace RelayServer.Cli.Services;

/// <summary>What all commands about services share: the connection as the user that <c>relay chat</c> is, <c>--room</c>, <c>--json</c>.</summary>
internal sealed class ServiceSubcommand
{
    /// <summary>The end of the help of each.</summary>
    public const string ExitCodes =
        """
        Token, first found: --token, --token-file, --user (with --role), RELAY_TOKEN, the login of 'relay login', else the
        file `token` in the data folder.

        Exit codes: 0 done, 1 no relay, no connection or no answer, 2 wrong usage, 3 token unusable or refused, 5 refused by
        the relay or by the service.
        """;

    private readonly Option<string?>? _room;
    private readonly ConnectionArguments _connection = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print objects, one in a line" };

    private ServiceSubcommand(Command command, string? roomHelp, Symbol[] own)
    {
        foreach (Symbol symbol in own)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        if (roomHelp is not null)
        {
            _room = new Option<string?>("--room", "-r") { Description = roomHelp, HelpName = "ROOM" };
            _room.Validators.Add(ValidateRoom);
            command.Add(_room);
        }

        command.Add(_json);
        _connection.AddTo(command);
    }

    /// <summary>A command that ends by itself.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="details">The rest of its help, without exit codes.</param>
    /// <param name="roomHelp">What a room is to it; null when it takes none.</param>
    /// <param name="own">Its arguments and options.</param>
    /// <param name="read">Makes what to do from them, with the room or null; throws <see cref="SettingsException"/> for what cannot be.</param>
    public static Command Create(
        string name, string summary, string details, string? roomHelp, Symbol[] own,
        Func<ParseResult, Func<RoomSession, string?, CancellationToken, Task>> read) =>
        Create(name, summary, details, roomHelp, own, read, isEndless: false);

    /// <summary>A command that goes on until it is interrupted.</summary>
    public static Command CreateEndless(
        string name, string summary, string details, Symbol[] own, Func<ParseResult, Func<RoomSession, string?, CancellationToken, Task>> read) =>
        Create(name, summary, details, null, own, read, isEndless: true);

    private static DetailedCommand Create(
        string name, string summary, string details, string? roomHelp, Symbol[] own,
        Func<ParseResult, Func<RoomSession, string?, CancellationToken, Task>> read, bool isEndless)
    {
        var command = new DetailedCommand(name, summary, $"{details}\n\n{ExitCodes}");
        var shared = new ServiceSubcommand(command, roomHelp, own);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Func<RoomSession, string?, CancellationToken, Task> work = read(parsed);
            string? room = shared._room is { } option ? parsed.GetValue(option) : null;
            var session = new RoomSession(
                shared._connection.Read(parsed, Environment.GetEnvironmentVariable),
                parsed.GetValue(shared._json),
                parsed.InvocationConfiguration.Output,
                parsed.InvocationConfiguration.Error)
            {
                Advice = e => ServiceSentences.Advise(e, room),
                IsEndless = isEndless,
            };
            await session.RunAsync((running, stop) => work(running, room, stop), room, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static void ValidateRoom(OptionResult result)
    {
        if (result is { Tokens: [{ Value: var name }, ..] } && ChannelName.KindOf(System.Text.Encoding.UTF8.GetBytes(name)) != ChannelKind.Room)
        {
            result.AddError(
                $"'{name}' cannot name a room: a name is a letter or digit, then letters, digits, '.', '_' and '-', "
                + $"at most {ProtocolLimits.ChannelNameBytesMax} in all, without spaces");
        }
    }
}
