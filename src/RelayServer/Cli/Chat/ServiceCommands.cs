using System.Globalization;
using System.Text;
using RelayServer.Cli.Services;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.Cli.Chat;

/// <summary>Does what is typed for services, and shows what they answer to the one who typed it.</summary>
/// <param name="client">Connected, and in the room.</param>
/// <param name="room">The room.</param>
/// <param name="cards">The cards of this window.</param>
/// <param name="menus">What services can do.</param>
/// <param name="news">Makes lines of answers.</param>
/// <param name="show">Takes a line for the user.</param>
internal sealed class ServiceCommands(
    RelayClient client, string room, ShownCards cards, ServiceMenus menus, ServiceNews news, Action<NewsLine> show)
{
    internal const int SubjectsShownMax = 50;

    /// <summary>Gives a line to the service that it names, and shows the answer.</summary>
    /// <param name="line">It begins with a slash and the service's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RelayException">Refused.</exception>
    /// <exception cref="ChatRefusalException">There is no such service, or the line names a card that was not shown.</exception>
    public async Task RunAsync(string line, CancellationToken cancellationToken)
    {
        if (TypedCommand.Read(Encoding.UTF8.GetBytes(line), out TypedCommand read) is { } problem)
        {
            throw new ChatRefusalException(problem);
        }

        MenuLine? verb = await FindVerbAsync(read, cancellationToken);
        RelayCommandResult result = await AskAsync(read, line, ItemOf(read, verb), cancellationToken);
        if (result.Card is { Actions.Count: > 0 })
        {
            await menus.TryLearnAsync(result.Service, cancellationToken);
        }

        // What the room was told comes from there, to this window as to the others. A verb that takes more than a text may have told another room.
        bool isAnsweredTheRoom = verb is { AnswersRoom: true } && !CommandText.TakesWords(verb.Title) && result is { Text.Length: 0, Card: null };
        bool isToldTheRoom = isAnsweredTheRoom || SubscriptionWords.IsVerb(read.Verb);
        string who = result.Service.Length > 0 ? result.Service : ServiceProfile.HelpWord;
        string text = result is { Text.Length: 0, Card: null } ? "done" : result.Text;
        ShowAll(isToldTheRoom ? [] : news.Answer(who, text, result.Card));
    }

    /// <summary>Lists all services.</summary>
    public async Task ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<MenuLine> services = await menus.ReadAsync(null, null, cancellationToken);
        ShowAll(services.Count == 0
            ? [new NewsLine("there are no services at this relay")]
            : [.. services.Select(line => Line(line)), new NewsLine("/help SERVICE tells what one does, /subscribe SERVICE.TOPIC and /invite SERVICE let it in")]);
    }

    /// <summary>Lists what the room has subscribed to.</summary>
    public async Task ListSubscriptionsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<TopicSubscription> subscriptions = await SubscriptionPages.ReadAsync(client, room, cancellationToken);
        DateTimeOffset now = TimeProvider.System.GetLocalNow();
        ShowAll(subscriptions.Count == 0
            ? [new NewsLine("this room has no subscriptions; /services and /help SERVICE show what there is")]
            : subscriptions.Select(subscription => new NewsLine(ServiceSentences.Of(subscription, now))));
    }

    /// <summary>Has a subscription of the room last longer; the room is told.</summary>
    /// <param name="topic">Of what.</param>
    /// <param name="seconds">How long from now; null for as long as it was made for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RelayException">Refused.</exception>
    /// <exception cref="ChatRefusalException">There is none.</exception>
    public async Task RenewAsync(string topic, uint? seconds, CancellationToken cancellationToken)
    {
        IReadOnlyList<TopicSubscription> subscriptions = await SubscriptionPages.ReadAsync(client, room, cancellationToken);
        RoomControl control = SubscriptionRenewal.Of(subscriptions, topic, seconds, TimeProvider.System.GetUtcNow())
            ?? throw new ChatRefusalException($"{SubscriptionRenewal.Missing(topic)}; /subscriptions lists those of this room");
        await client.ControlAsync(room, control, cancellationToken);
    }

    /// <summary>Tells of the services that are there, as the end of the list of commands; of a relay without services nothing.</summary>
    public async Task HelpAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<MenuLine> services;
        try
        {
            services = await menus.ReadAsync(null, null, cancellationToken);
        }
        catch (RelayException)
        {
            return;
        }

        NewsLine[] there = [.. services.Where(service => service.IsAvailable).Select(service => Line(service))];
        if (there.Length > 0)
        {
            ShowAll([new NewsLine("services, of which /help SERVICE tells more:"), .. there]);
        }
    }

    /// <summary>Tells what a service can do, and of what it tells; of a verb how it is written, of a topic its subjects.</summary>
    /// <param name="what">A service, and behind a space or a dot perhaps a verb or a topic of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ChatRefusalException">There is no such service, or it has no such verb or topic.</exception>
    public async Task HelpAsync(string what, CancellationToken cancellationToken)
    {
        string[] names = what.TrimStart(TypedCommand.Sign).ToLowerInvariant().Split([' ', '.'], 2, StringSplitOptions.TrimEntries);
        string service = names[0];
        try
        {
            IReadOnlyList<MenuLine> lines = ServiceName.IsValid(service)
                ? await menus.ReadAsync(service, null, cancellationToken)
                : throw new ChatRefusalException(TypedLine.Unknown(what));
            ShowAll(names.Length > 1 ? await DescribeAsync(service, names[1], lines, cancellationToken)
                : lines.Count == 0 ? [new NewsLine($"{service} can be asked for nothing")]
                : [.. lines.Select(line => Line(line, service)), .. Hints(service, lines)]);
        }
        catch (RelayException e) when (e.Code is ErrorCode.UnknownService or ErrorCode.UnsupportedVersion)
        {
            throw await UnknownAsync(service, e, cancellationToken);
        }
    }

    private async Task<IEnumerable<NewsLine>> DescribeAsync(string service, string name, IReadOnlyList<MenuLine> lines, CancellationToken cancellationToken)
    {
        if (SubscriptionWords.IsVerb(name))
        {
            return [new NewsLine($"/{service} {SubscriptionWords.UsageOf(name)}: {SubscriptionWords.SummaryOf(name)}")];
        }

        MenuLine found = lines.FirstOrDefault(line => line.Name == (line.Kind == MenuKind.Topic ? TopicOf(service, name) : name))
            ?? throw new ChatRefusalException($"{service} has neither a verb nor a topic '{name}'; /help {service} lists what it has");
        if (found.Kind != MenuKind.Topic)
        {
            return [Line(found, service)];
        }

        IReadOnlyList<MenuLine> subjects = await menus.ReadAsync(service, found.Name, cancellationToken);
        return
        [
            Line(found, service),
            .. subjects.Take(SubjectsShownMax).Select(subject => new NewsLine($"subject {ServiceSentences.Of(subject, service)}")),
            .. subjects.Count > SubjectsShownMax ? [new NewsLine($"and {subjects.Count - SubjectsShownMax} more; 'relay service show {found.Name}' lists all")] : Array.Empty<NewsLine>(),
            new NewsLine($"/subscribe {found.Name} [SUBJECT...] [for TIME] has the room told"),
        ];
    }

    private static IEnumerable<NewsLine> Hints(string service, IReadOnlyList<MenuLine> lines) => lines.FirstOrDefault(line => line.Kind == MenuKind.Topic) is { } topic
        ? [new NewsLine($"/help {topic.Name} lists the subjects of a topic, /subscribe {topic.Name} has the room told")]
        : [];

    private static string TopicOf(string service, string name) => TopicName.IsOf(name, service) ? name : $"{service}.{name}";

    private async Task<RelayCommandResult> AskAsync(TypedCommand read, string line, string? item, CancellationToken cancellationToken)
    {
        try
        {
            return await client.CommandLineAsync(room, line, item, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new ChatRefusalException($"{read.Service}: {e.Message}");
        }
    }

    private async Task<MenuLine?> FindVerbAsync(TypedCommand read, CancellationToken cancellationToken)
    {
        if (read.Service.Length == 0)
        {
            return null;
        }

        try
        {
            return await menus.FindVerbAsync(read.Service, read.Verb, cancellationToken);
        }
        catch (RelayException e) when (e.Code is ErrorCode.UnknownService or ErrorCode.UnsupportedVersion)
        {
            throw await UnknownAsync(read.Service, e, cancellationToken);
        }
    }

    // A number names a card of this window; anything else is what the service calls its item.
    private string? ItemOf(TypedCommand read, MenuLine? verb)
    {
        if (read.Item.Length == 0)
        {
            return verb?.NeedsItem != true ? null
                : cards.LastOf(read.Service)?.Card.Item
                    ?? throw new ChatRefusalException($"{read.Service}: there is no card of {read.Service} in this window to {read.Verb}; /{read.Service} {read.Verb} #ITEM names one");
        }

        if (!int.TryParse(read.Item, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return null;
        }

        ShownCard shown = cards.Find(number) ?? throw new ChatRefusalException(
            cards.Last == 0 ? $"{read.Service}: there is no #{number}: no card was shown in this window" : $"{read.Service}: there is no #{number} in this window; the last one is #{cards.Last}");
        return shown.Service == read.Service
            ? shown.Card.Item
            : throw new ChatRefusalException($"{read.Service}: #{number} is of {shown.Service}; /{shown.Service} {read.Verb} #{number} asks that");
    }

    private async Task<ChatRefusalException> UnknownAsync(string name, RelayException refusal, CancellationToken cancellationToken)
    {
        if (refusal.Code == ErrorCode.UnsupportedVersion)
        {
            return new ChatRefusalException($"there is no command /{name}; this relay does not know services");
        }

        IReadOnlyList<MenuLine> services = await menus.ReadAsync(null, null, cancellationToken);
        return new ChatRefusalException(TypedLine.Unknown(name, services.Select(service => service.Name)));
    }

    private static NewsLine Line(MenuLine line, string service = "") => new(ServiceSentences.Of(line, service));

    private void ShowAll(IEnumerable<NewsLine> lines)
    {
        foreach (NewsLine line in lines)
        {
            show(line);
        }
    }
}
