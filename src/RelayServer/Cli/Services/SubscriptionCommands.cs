using System.CommandLine;
using RelayServer.Cli.Connections;
using RelayServer.Cli.Rooms;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Options;
using RelayServer.Protocol;
using RelayServer.RoomViews;
using RelayServer.Rooms;

namespace RelayServer.Cli.Services;

/// <summary><c>relay subscribe</c>, <c>renew</c>, <c>unsubscribe</c> and <c>subscriptions</c>: of a room, or of one's own inbox.</summary>
internal static class SubscriptionCommands
{
    private const string RoomHelp = "The room; without it, your own inbox";

    private const string SubscribeDetails =
        """
        TOPIC is written SERVICE.TOPIC; 'relay service show SERVICE' lists them, and 'relay service show SERVICE TOPIC' the
        subjects. To subscribe again replaces the subjects and the end; 'relay renew' keeps the subjects.

        Examples:
          relay subscribe news.headlines
          relay subscribe news.headlines sport local --room lobby --for 7d
          relay subscribe news.headlines --until 18:00
        """;

    private const string RenewDetails =
        """
        It keeps its subjects, and lasts as long from now as it was made for, or for --for.

        Examples:
          relay renew news.headlines
          relay renew news.headlines --room lobby --for 30d
        """;

    private const string UnsubscribeDetails = "Examples:\n  relay unsubscribe news.headlines\n  relay unsubscribe news.headlines --room lobby";
    private const string ListDetails = "Examples:\n  relay subscriptions\n  relay subscriptions --room lobby --json | jq -r .topic";

    public static IEnumerable<Command> All()
    {
        yield return Subscribe();
        yield return Renew();
        var topic = new Argument<string>("TOPIC") { Description = "The topic, as SERVICE.TOPIC" };
        yield return ServiceSubcommand.Create("unsubscribe", "End a subscription", UnsubscribeDetails, RoomHelp, [topic], parsed =>
        {
            RoomControl control = RoomSubcommand.Checked(RoomControl.Unsubscribe(ReadTopic(parsed.GetRequiredValue(topic))));
            return (session, room, stop) => ChangeAsync(session, room, control, stop);
        });
        yield return ServiceSubcommand.Create(
            "subscriptions", "Show what a room, or your own inbox, has subscribed to", ListDetails, RoomHelp, [], _ => ListAsync);
    }

    private static Command Subscribe()
    {
        var topic = new Argument<string>("TOPIC") { Description = "The topic, as SERVICE.TOPIC" };
        var subjects = new Argument<string[]>("SUBJECT") { Description = "Only of these; of all when there is none", Arity = ArgumentArity.ZeroOrMore };
        var duration = new Option<string?>("--for") { Description = $"How long: {Duration.SecondsRule} [default: forever]", HelpName = "TIME" };
        var until = new Option<string?>("--until") { Description = $"Until when: {RoomValues.TimeRule}", HelpName = "TIME" };
        return ServiceSubcommand.Create(
            "subscribe", "Have a room, or your own inbox, told what is new", SubscribeDetails, RoomHelp, [topic, subjects, duration, until], parsed =>
            {
                List<string> chosen = [.. (parsed.GetValue(subjects) ?? []).Select(ComposedForm.Of)];
                ulong end = ReadEnd(chosen, parsed.GetValue(duration), parsed.GetValue(until), TimeProvider.System.GetLocalNow());
                RoomControl control = RoomSubcommand.Checked(RoomControl.Subscribe(ReadTopic(parsed.GetRequiredValue(topic)), chosen, end));
                return (session, room, stop) => ChangeAsync(session, room, control, stop);
            });
    }

    private static Command Renew()
    {
        var topic = new Argument<string>("TOPIC") { Description = "The topic, as SERVICE.TOPIC" };
        var duration = new Option<string?>("--for") { Description = $"How long from now: {Duration.SecondsRule} [default: as long as before]", HelpName = "TIME" };
        return ServiceSubcommand.Create("renew", "Have a subscription last longer", RenewDetails, RoomHelp, [topic, duration], parsed =>
        {
            string name = ReadTopic(parsed.GetRequiredValue(topic));
            uint? seconds = ReadSeconds(parsed.GetValue(duration));
            return async (session, room, stop) =>
            {
                IReadOnlyList<TopicSubscription> subscriptions = await SubscriptionPages.ReadAsync(session.Client, room, stop);
                RoomControl control = SubscriptionRenewal.Of(subscriptions, name, seconds, TimeProvider.System.GetUtcNow())
                    ?? throw new CommandFailureException(ClientExitCode.Refused, $"{NameOf(session, room)}: {SubscriptionRenewal.Missing(name)}; 'relay subscribe {name}' makes one");
                await ChangeAsync(session, room, control, stop);
            };
        });
    }

    /// <summary>When a subscription ends, in milliseconds of Unix time; 0 for never.</summary>
    /// <param name="subjects">At their end <c>for</c> and a time may stand, as in a chat; they are taken away.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="until">Or until when.</param>
    /// <param name="now">From when the time counts.</param>
    /// <exception cref="SettingsException">It cannot be read, or is said twice.</exception>
    internal static ulong ReadEnd(List<string> subjects, string? duration, string? until, DateTimeOffset now)
    {
        int words = subjects.Count;
        if (SubscriptionWords.TakeTime(subjects, (ulong)now.ToUnixTimeMilliseconds(), out ulong end) is { } problem)
        {
            throw new SettingsException([problem]);
        }

        bool isSaid = subjects.Count < words;
        if ((isSaid || duration is not null) && until is not null)
        {
            throw new SettingsException(["--for and --until exclude each other"]);
        }

        if (isSaid)
        {
            return duration is null ? end : throw new SettingsException(["'for' and --for say the same; write one of them"]);
        }

        if (ReadSeconds(duration) is { } seconds)
        {
            return seconds == RoomLimits.ForGoodSeconds ? 0 : (ulong)now.AddSeconds(seconds).ToUnixTimeMilliseconds();
        }

        return until is null ? 0
            : !RoomValues.TryTime(until, now, out DateTimeOffset time) ? throw new SettingsException([$"--until {until}: expected {RoomValues.TimeRule}"])
            : time > now ? (ulong)time.ToUnixTimeMilliseconds()
            : throw new SettingsException([$"--until {until} is past"]);
    }

    private static uint? ReadSeconds(string? duration) =>
        duration is null ? null
        : Duration.TryParseSeconds(duration, out uint seconds) ? seconds
        : throw new SettingsException([$"--for {duration}: expected {Duration.SecondsRule}"]);

    // The same for a room and for the inbox, which has no status to compare with.
    private static async Task ChangeAsync(RoomSession session, string? room, RoomControl control, CancellationToken cancellationToken)
    {
        if (control.Verb == ControlVerb.Subscribe)
        {
            DateTimeOffset? end = control.ExpiresAtMilliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)control.ExpiresAtMilliseconds);
            await session.Client.SubscribeAsync(room, control.Topic, control.Subjects, end, cancellationToken);
        }
        else
        {
            await session.Client.UnsubscribeAsync(room, control.Topic, cancellationToken);
        }

        if (session.IsJson)
        {
            session.PrintJson(json =>
            {
                json.WriteString("room", room);
                RoomJson.WriteControl(json, control);
            });
        }
        else
        {
            session.Print($"{NameOf(session, room)}: {RoomSentences.Change(control, string.Empty)}");
        }
    }

    private static async Task ListAsync(RoomSession session, string? room, CancellationToken cancellationToken)
    {
        IReadOnlyList<TopicSubscription> subscriptions = await SubscriptionPages.ReadAsync(session.Client, room, cancellationToken);
        DateTimeOffset now = TimeProvider.System.GetLocalNow();
        foreach (TopicSubscription subscription in subscriptions)
        {
            if (session.IsJson)
            {
                session.PrintJson(json => ServiceJson.WriteSubscription(json, room, subscription));
            }
            else
            {
                session.Print(ServiceSentences.Of(subscription, now));
            }
        }

        if (subscriptions.Count == 0 && !session.IsJson)
        {
            session.Print($"{NameOf(session, room)}: no subscriptions");
        }
    }

    private static string NameOf(RoomSession session, string? room) => room ?? $"inbox of {session.Client.UserId}";

    private static string ReadTopic(string text) => TopicName.IsValid(text)
        ? text
        : throw new SettingsException([$"'{text}' is no topic: one is written SERVICE.TOPIC, such as news.headlines; 'relay service show SERVICE' lists them"]);
}
