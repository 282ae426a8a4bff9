using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RelayServer.Cli.Connections;
using RelayServer.Cli.Rooms;
using RelayServer.Client;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary>The arguments of <c>relay chat</c>, and what they mean together.</summary>
internal sealed class ChatArguments
{
    private readonly ConnectionArguments _connection = new();
    private readonly Argument<string?> _roomArgument = new("room") { Description = "The room", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _room = new("--room", "-r") { Description = "The room, in place of the argument", HelpName = "ROOM" };
    private readonly Option<int?> _history = new("--history")
    {
        Description = $"Begin with the last N messages, at most {ProtocolLimits.JoinHistoryMessagesMax} [default: {ChatSession.TerminalHistoryMessages} at a terminal, else 0]",
        HelpName = "N",
        CustomParser = ParseNumber,
    };

    private readonly Option<bool> _fromStart = new("--from-start") { Description = "Begin with the first message that the room still has" };
    private readonly Option<bool> _json = new("--json") { Description = "Print objects with room, epoch, seq, from, text (data, in base64, for what is not text) and at" };
    private readonly Option<int?> _count = new("--count")
    {
        Description = "Leave after N printed messages, your own among them",
        HelpName = "N",
        CustomParser = ParseNumber,
    };

    private readonly Option<bool> _listen = new("--listen") { Description = "Go on receiving after the end of the input" };
    private readonly Option<bool> _echo = new("--echo") { Description = "Print your own messages, too" };
    private readonly Option<bool> _observe = new("--observe")
    {
        Description = "Read every part of a split room, each line with its part before it; for moderators, hosts and operators",
    };

    private readonly Option<bool> _commands = new("--commands")
    {
        Description = "In a pipe, too, take lines that begin with / for commands, and show what services tell",
    };

    private readonly Option<bool> _inbox = new("--inbox")
    {
        Description = "Show what services tell you alone, too, labelled [inbox]; in a pipe this comes with --commands",
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Nothing but errors on the error output" };

    public void AddTo(Command command)
    {
        command.Add(_roomArgument);
        command.Add(_room);
        _connection.AddTo(command);
        foreach (Option option in new Option[] { _history, _fromStart, _json, _count, _listen, _echo, _observe, _commands, _inbox, _quiet })
        {
            command.Add(option);
        }

        command.Validators.Add(Validate);
    }

    public ChatOptions Read(ParseResult parsed, Func<string, string?> environment)
    {
        JoinFrom? from = parsed.GetValue(_fromStart) ? JoinFrom.Beginning
            : parsed.GetValue(_history) is { } last ? JoinFrom.Last(last) : null;
        return new ChatOptions
        {
            Room = parsed.GetValue(_room) ?? parsed.GetValue(_roomArgument)!,
            Connection = _connection.Read(parsed, environment),
            From = from,
            Observe = parsed.GetValue(_observe),
            Commands = parsed.GetValue(_commands) || parsed.GetValue(_inbox),
            Inbox = parsed.GetValue(_inbox),
            Json = parsed.GetValue(_json),
            // Who waits for N messages of a room means all of them; else the lines just piped in would be waited past.
            Echo = parsed.GetValue(_echo) || parsed.GetValue(_count) is not null,
            Count = parsed.GetValue(_count),
            Listen = parsed.GetValue(_listen),
            Quiet = parsed.GetValue(_quiet),
        };
    }

    private void Validate(CommandResult result)
    {
        string? room = Text(result.GetResult(_room));
        string? argument = Text(result.GetResult(_roomArgument));
        Check(result, room is not null || argument is not null, "name a room, as in 'relay chat lobby'");
        Check(result, room is null || argument is null, "name one room: the argument or --room");
        string? problem = (room ?? argument) is { } name ? RoomName.Check(name) : null;
        Check(result, problem is null, problem ?? string.Empty);
        int? history = Number(result, _history);
        Check(
            result, history is null or (>= 0 and <= ProtocolLimits.JoinHistoryMessagesMax),
            $"--history takes 0 to {ProtocolLimits.JoinHistoryMessagesMax}");
        Check(result, history is null || result.GetResult(_fromStart) is null, "--history and --from-start exclude each other");
        Check(result, Number(result, _count) is null or >= 1, "--count takes 1 or more");
    }

    // A value that is missing or of the wrong kind has its own error, and asking for it here would throw: only texts are read.
    private static string? Text(SymbolResult? symbol) => symbol is { Tokens: [{ Value: var text }, ..] } ? text : null;

    private static int? Number(CommandResult result, Option<int?> option) =>
        Text(result.GetResult(option)) is { } text ? Number(text) : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static int? ParseNumber(ArgumentResult result)
    {
        string text = Text(result) ?? string.Empty;
        int? number = Number(text);
        if (number is null)
        {
            result.AddError($"{(result.Parent as OptionResult)?.Option.Name} takes a whole number, not '{text}'");
        }

        return number;
    }

    private static void Check(CommandResult result, bool holds, string message)
    {
        if (!holds)
        {
            result.AddError(message);
        }
    }
}
