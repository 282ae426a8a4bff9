using System.CommandLine;
using RelayServer.Cli.Connections;
using RelayServer.Hosting;
using RelayServer.Identity;
using RelayServer.Options;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary>What all commands of <c>relay room</c> share: the room, the connection as an operator, <c>--json</c>.</summary>
internal sealed class RoomSubcommand
{
    private const string DefaultUser = "operator";

    private readonly Argument<string> _room = new("ROOM") { Description = "The room" };
    private readonly SessionArguments _session;

    private RoomSubcommand(Command command, bool hasRoom, Symbol[] own)
    {
        _room.Validators.Add(RoomName.Validate);
        _session = new SessionArguments(command, hasRoom ? [_room, .. own] : own, new ConnectionArguments(DefaultUser, TokenRole.Operator), "Print the result as an object");
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
            string room = parsed.GetRequiredValue(shared._room);
            RoomControl control = Checked(read(parsed));
            await shared._session.Read(parsed).RunAsync((session, stop) => session.ChangeAsync(room, control, stop), room, cancellationToken);
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
            string room = parsed.GetRequiredValue(shared._room);
            Func<RoomSession, string, CancellationToken, Task> work = read(parsed);
            await shared._session.Read(parsed).RunAsync((session, stop) => work(session, room, stop), room, cancellationToken);
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
            await shared._session.Read(parsed).RunAsync(read(parsed), null, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A control whose arguments are in range.</summary>
    /// <exception cref="SettingsException">They are not.</exception>
    public static RoomControl Checked(RoomControl control) =>
        control.Check() is { } refusal ? throw new SettingsException([refusal.Text]) : control;
}
