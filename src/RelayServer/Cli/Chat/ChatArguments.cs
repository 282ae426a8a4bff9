using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using RelayServer.Client;
using RelayServer.Hosting;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary>The arguments of <c>relay chat</c>, and what they mean together.</summary>
internal sealed class ChatArguments
{
    private const string DefaultEdge = "127.0.0.1:7400";

    private static readonly string RoomNameRule =
        $"a name is a letter or digit, then letters, digits, '.', '_' and '-', at most {ProtocolLimits.ChannelNameBytesMax} in all, without spaces";

    private readonly Argument<string?> _roomArgument = new("room") { Description = "The room", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _room = new("--room", "-r") { Description = "The room, in place of the argument", HelpName = "ROOM" };
    private readonly Option<string[]> _edge = new("--edge", "--server", "-e")
    {
        Description = "An edge; repeat it for more, they are tried in turn",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => [DefaultEdge],
    };

    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "File with the token, readable by you only", HelpName = "FILE" };
    private readonly Option<string?> _token = new("--token")
    {
        Description = "The token itself; others on this machine can see it in the list of processes, so prefer --token-file",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _user = new("--user", "-u")
    {
        Description = "Be this user of the relay that runs on this machine, with the key in its data folder",
        HelpName = "ID",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Data folder of the running relay [default: $RELAY_DATA, $XDG_DATA_HOME/relay or ~/.local/share/relay]",
        HelpName = "DIR",
    };

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
    private readonly Option<bool> _tls = new("--tls") { Description = "Encrypt, and check the edge's certificate" };
    private readonly Option<string?> _tlsAuthority = new("--tls-authority")
    {
        Description = "Like --tls, for a certificate signed by an authority in this PEM file [default: those this machine trusts]",
        HelpName = "FILE",
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Nothing but errors on the error output" };

    public void AddTo(Command command)
    {
        command.Add(_roomArgument);
        foreach (Option option in new Option[]
        {
            _room, _edge, _tokenFile, _token, _user, _data, _history, _fromStart, _json, _count, _listen, _echo, _tls, _tlsAuthority, _quiet,
        })
        {
            command.Add(option);
        }

        command.Validators.Add(Validate);
    }

    public ChatOptions Read(ParseResult parsed, Func<string, string?> environment)
    {
        var source = new ChatToken
        {
            Literal = parsed.GetValue(_token),
            File = parsed.GetValue(_tokenFile),
            User = parsed.GetValue(_user),
            DataFolder = DataFolder.Locate(parsed.GetValue(_data) ?? environment("RELAY_DATA")),
            Environment = environment,
        };
        return new ChatOptions
        {
            Room = parsed.GetValue(_room) ?? parsed.GetValue(_roomArgument)!,
            Edges = [.. parsed.GetValue(_edge)!.Select(RelayEndpoint.Parse)],
            TokenProvider = _ => ValueTask.FromResult(source.Read()),
            Tls = ReadTls(parsed),
            From = parsed.GetValue(_fromStart) ? JoinFrom.Beginning
                : parsed.GetValue(_history) is { } last ? JoinFrom.Last(last) : null,
            Json = parsed.GetValue(_json),
            // Who waits for N messages of a room means all of them; else the lines just piped in would be waited past.
            Echo = parsed.GetValue(_echo) || parsed.GetValue(_count) is not null,
            Count = parsed.GetValue(_count),
            Listen = parsed.GetValue(_listen),
            Quiet = parsed.GetValue(_quiet),
        };
    }

    private ChatTls? ReadTls(ParseResult parsed)
    {
        if (parsed.GetValue(_tlsAuthority) is { } file)
        {
            // Read when the arguments were checked; what has changed since then leaves nobody to trust.
            ChatTls.TryReadAuthorities(file, out X509Certificate2Collection authorities);
            return new ChatTls(authorities);
        }

        return parsed.GetValue(_tls) ? new ChatTls(null) : null;
    }

    private void Validate(CommandResult result)
    {
        string? room = Text(result.GetResult(_room));
        string? argument = Text(result.GetResult(_roomArgument));
        Check(result, room is not null || argument is not null, "name a room, as in 'relay chat lobby'");
        Check(result, room is null || argument is null, "name one room: the argument or --room");
        Check(result, (room ?? argument) is not { } name || ChannelName.IsValid(name), $"'{room ?? argument}' cannot name a room: {RoomNameRule}");
        foreach (Token edge in result.GetResult(_edge)?.Tokens ?? [])
        {
            Check(result, RelayEndpoint.TryParse(edge.Value, out _), $"'{edge.Value}' is not host:port");
        }

        int? history = Number(result, _history);
        Check(
            result, history is null or (>= 0 and <= ProtocolLimits.JoinHistoryMessagesMax),
            $"--history takes 0 to {ProtocolLimits.JoinHistoryMessagesMax}");
        Check(result, history is null || result.GetResult(_fromStart) is null, "--history and --from-start exclude each other");
        string? tlsProblem = Text(result.GetResult(_tlsAuthority)) is { } file ? ChatTls.TryReadAuthorities(file, out _) : null;
        Check(result, tlsProblem is null, tlsProblem ?? string.Empty);
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
