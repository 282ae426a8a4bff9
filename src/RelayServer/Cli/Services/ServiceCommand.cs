using System.CommandLine;
using RelayServer.Cli.Rooms;
using RelayServer.Client;
using RelayServer.Options;
using RelayServer.Protocol;
using RelayServer.RoomViews;

namespace RelayServer.Cli.Services;

/// <summary><c>relay service</c>: which services there are, what they can do, and having them do it.</summary>
internal static class ServiceCommand
{
    private const string Details =
        """
        A service is a program outside of the relay that answers commands and tells of news, such as a shop or a feed.

        Examples:
          relay service list
          relay service show news
          relay service call news latest 3
        """;

    private const string ListDetails = "With --room it is shown which of them the room has let in, else which your own inbox has to do with.\n\nExample:\n  relay service list --room lobby";

    private const string ShowDetails =
        """
        Of a service its verbs and topics; of a topic its subjects. With --room it is shown what the room has subscribed to.

        Examples:
          relay service show news
          relay service show news headlines --room lobby
          relay service show news.headlines
        """;

    private const string CallDetails =
        """
        Each ARG is one argument of the verb, as 'relay service show NAME' writes it. What tells a room needs --room, and the
        room has to have let the service in.

        Examples:
          relay service call news latest 3
          relay service call news comment 'well done' --item headline-17 --room lobby
        """;

    /// <summary>Makes the command, for the root command to add.</summary>
    public static Command Create()
    {
        var command = new DetailedCommand("service", "Look at services and ask them for something", Details);
        command.Add(ServiceSubcommand.Create("list", "List the services", ListDetails, "The room that has let them in", [], _ => ListAsync));
        command.Add(Show());
        command.Add(Call());
        return command;
    }

    private static Command Show()
    {
        var name = new Argument<string>("NAME") { Description = "The service; or a topic, as news.headlines" };
        var topic = new Argument<string?>("TOPIC") { Description = "A topic of it, as headlines or news.headlines", Arity = ArgumentArity.ZeroOrOne };
        return ServiceSubcommand.Create("show", "Show what a service can do and tells of", ShowDetails, "The room that has subscribed", [name, topic], parsed =>
        {
            (string given, string? of) = (parsed.GetRequiredValue(name), parsed.GetValue(topic));
            if (of is null && TopicName.IsValid(given))
            {
                (given, of) = (TopicName.ServiceOf(given), given);
            }

            string service = ReadService(given);
            return (session, room, stop) => ShowAsync(session, service, of, room, stop);
        });
    }

    private static Command Call()
    {
        var name = new Argument<string>("NAME") { Description = "The service" };
        var verb = new Argument<string>("VERB") { Description = "What it is to do" };
        var arguments = new Argument<string[]>("ARG") { Description = "For the verb's parameters, in their order", Arity = ArgumentArity.ZeroOrMore };
        var item = new Option<string?>("--item") { Description = "The item of the service that it is about", HelpName = "ID" };
        return ServiceSubcommand.Create("call", "Have a service do something", CallDetails, "The room that it is said in", [name, verb, arguments, item], parsed =>
        {
            var request = new CommandRequest
            {
                Service = ReadService(parsed.GetRequiredValue(name)),
                Verb = ReadVerb(parsed.GetRequiredValue(verb)),
                Arguments = parsed.GetValue(arguments) ?? [],
                Item = parsed.GetValue(item),
            };
            return (session, room, stop) => CallAsync(session, request with { Room = room }, stop);
        });
    }

    private static async Task ListAsync(RoomSession session, string? room, CancellationToken cancellationToken)
    {
        IReadOnlyList<MenuLine> services = await ServiceMenus.Of(session.Client, room).ReadAsync(null, null, cancellationToken);
        Print(session, services, service: string.Empty, nothing: "There are no services at this relay.");
    }

    private static async Task ShowAsync(RoomSession session, string service, string? topic, string? room, CancellationToken cancellationToken)
    {
        IReadOnlyList<MenuLine> lines = await ServiceMenus.Of(session.Client, room).ReadAsync(service, topic, cancellationToken);
        Print(session, lines, service, topic is null ? $"{service} can be asked for nothing, and tells of nothing." : $"{topic} lists no subjects.");
    }

    private static async Task CallAsync(RoomSession session, CommandRequest request, CancellationToken cancellationToken)
    {
        if (request.Room is { } room)
        {
            await session.Client.JoinAsync(room, cancellationToken: cancellationToken);
        }

        RelayCommandResult result = await AskAsync(session, request, cancellationToken);
        if (session.IsJson)
        {
            session.PrintJson(json => ServiceJson.WriteResult(json, result));
            return;
        }

        string[] lines = [.. CardLines.Lines(result.Text), .. result.Card is { } card ? [RoomSentences.OneLine(card.Title), .. CardLines.Facts(card).Select(line => $"  {line}"), $"  item {card.Item}"] : Array.Empty<string>()];
        foreach (string line in lines.Length > 0 ? lines : [$"{request.Service}: done"])
        {
            session.Print(line);
        }
    }

    private static async Task<RelayCommandResult> AskAsync(RoomSession session, CommandRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Client.CommandAsync(request, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new SettingsException([e.Message]);
        }
    }

    private static void Print(RoomSession session, IReadOnlyList<MenuLine> lines, string service, string nothing)
    {
        foreach (MenuLine line in lines)
        {
            if (session.IsJson)
            {
                session.PrintJson(json => ServiceJson.WriteMenuLine(json, line));
            }
            else
            {
                session.Print(ServiceSentences.Of(line, service));
            }
        }

        if (lines.Count == 0 && !session.IsJson)
        {
            session.Print(nothing);
        }
    }

    private static string ReadService(string text) =>
        ServiceName.IsValid(text) ? text : throw new SettingsException([$"'{text}' is no service; 'relay service list' shows them"]);

    private static string ReadVerb(string text) =>
        ServiceName.IsValid(text) ? text : throw new SettingsException([$"'{text}' is no verb; 'relay service show NAME' lists those of a service"]);
}
