using System.CommandLine;
using RelayServer.Cli.Connections;
using RelayServer.Cli.Rooms;
using RelayServer.Hosting;
using RelayServer.Options;

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
    private readonly SessionArguments _session;

    private ServiceSubcommand(Command command, string? roomHelp, Symbol[] own)
    {
        if (roomHelp is not null)
        {
            _room = new Option<string?>("--room", "-r") { Description = roomHelp, HelpName = "ROOM" };
            _room.Validators.Add(RoomName.Validate);
        }

        _session = new SessionArguments(command, _room is null ? own : [.. own, _room], new ConnectionArguments(), "Print objects, one in a line");
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
            RoomSession session = shared._session.Read(parsed, e => ServiceSentences.Advise(e, room), isEndless);
            await session.RunAsync((running, stop) => work(running, room, stop), room, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
