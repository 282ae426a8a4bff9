using System.CommandLine;
using RelayServer.Cli.Connections;
using RelayServer.Client;

namespace RelayServer.Cli.Rooms;

/// <summary>What all commands share that ask or change something at a relay: where to and who as, and <c>--json</c>.</summary>
internal sealed class SessionArguments
{
    private readonly ConnectionArguments _connection;
    private readonly Option<bool> _json;

    /// <param name="command">Gets all arguments and options.</param>
    /// <param name="own">Those that it has besides, which come first in its help.</param>
    /// <param name="connection">Where to and who as.</param>
    /// <param name="jsonHelp">What <c>--json</c> prints.</param>
    public SessionArguments(Command command, IEnumerable<Symbol> own, ConnectionArguments connection, string jsonHelp)
    {
        (_connection, _json) = (connection, new Option<bool>("--json") { Description = jsonHelp });
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
        connection.AddTo(command);
    }

    /// <summary>The session that a command is done in.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="advice">What stands in the way of something, and what to do about it; null for what is said of rooms.</param>
    /// <param name="isEndless">It goes on until it is interrupted.</param>
    public RoomSession Read(ParseResult parsed, Func<RelayException, string>? advice = null, bool isEndless = false) => new(
        _connection.Read(parsed, Environment.GetEnvironmentVariable), parsed.GetValue(_json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error)
    {
        Advice = advice,
        IsEndless = isEndless,
    };
}
