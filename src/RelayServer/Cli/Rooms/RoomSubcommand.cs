using System.CommandLine;
using System.CommandLine.Parsing;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.Options;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary>What all commands of <c>relay room</c> share: the room, the connection as an operator, <c>--json</c>.</summary>
internal sealed class RoomSubcommand
{
    private const string DefaultUser = "operator";

    private readonly Argument<string>? _room;
    private readonly ConnectionArguments _connection = new(DefaultUser, TokenRole.Operator);
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as an object" };

    private RoomSubcommand(Command command, bool hasRoom, Symbol[] own)
    {
        if (hasRoom)
        {
            _room = new Argument<string>("ROOM") { Description = "The room" };
            _room.Validators.Add(ValidateRoom);
            command.Add(_room);
        }

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

        command.Add(_json);
        _connection.AddTo(command);
    }

    /// <summary>A command that makes one change.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="details">The rest of its help.</param>
    /// <param name="own">Its arguments and options, after the room.</param>
    /// <param name="read">Makes the change from them; throws <see cref="SettingsException"/> for what cannot be.</param>
    public static Command Change(string name, string summary, string details, Symbol[] own, Func<ParseResult, RoomControl> read)
    {
        var command = new DetailedCommand(name, summary, details);
        var shared = new RoomSubcommand(command, hasRoom: true, own);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string room = parsed.GetRequiredValue(shared._room!);
            RoomControl control = Checked(read(parsed));
            await shared.Session(parsed).RunAsync((session, stop) => session.ChangeAsync(room, control, stop), room, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A command that asks about a room, or does several things with it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="details">The rest of its help.</param>
    /// <param name="own">Its arguments and options, after the room.</param>
    /// <param name="read">Makes what to do from them; throws <see cref="SettingsException"/> for what cannot be.</param>
    public static Command OfRoom(
        string name, string summary, string details, Symbol[] own, Func<ParseResult, Func<RoomSession, string, CancellationToken, Task>> read)
    {
        var command = new DetailedCommand(name, summary, details);
        var shared = new RoomSubcommand(command, hasRoom: true, own);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string room = parsed.GetRequiredValue(shared._room!);
            Func<RoomSession, string, CancellationToken, Task> work = read(parsed);
            await shared.Session(parsed).RunAsync((session, stop) => work(session, room, stop), room, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A command about rooms in general.</summary>
    public static Command OfAll(string name, string summary, string details, Symbol[] own, Func<ParseResult, Func<RoomSession, CancellationToken, Task>> read)
    {
        var command = new DetailedCommand(name, summary, details);
        var shared = new RoomSubcommand(command, hasRoom: false, own);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await shared.Session(parsed).RunAsync(read(parsed), null, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A control whose arguments are in range.</summary>
    /// <exception cref="SettingsException">They are not.</exception>
    public static RoomControl Checked(RoomControl control) =>
        control.Check() is { } refusal ? throw new SettingsException([refusal.Text]) : control;

    private RoomSession Session(ParseResult parsed) => new(
        _connection.Read(parsed, Environment.GetEnvironmentVariable), parsed.GetValue(_json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);

    private static void ValidateRoom(ArgumentResult result)
    {
        if (result is { Tokens: [{ Value: var name }, ..] } && !ChannelName.IsValid(name))
        {
            result.AddError(
                $"'{name}' cannot name a room: a name is a letter or digit, then letters, digits, '.', '_' and '-', "
                + $"at most {ProtocolLimits.ChannelNameBytesMax} in all, without spaces");
        }
    }
}
