using RelayServer.Cli.Services;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;

namespace RelayServer.Cli.Chat;

/// <summary>Turns what services tell, and what is told of them, into lines for people. Cards get numbers for commands to name them by.</summary>
/// <param name="cards">The cards of this window.</param>
/// <param name="menus">What services can do.</param>
/// <param name="clock">Tells the time of day.</param>
internal sealed class ServiceNews(ShownCards cards, ServiceMenus menus, TimeProvider clock)
{
    /// <summary>True for what came to the reader's own inbox.</summary>
    public static bool IsOfInbox(RelayEvent next) => next.Channel.StartsWith(ChannelName.InboxPrefixText, StringComparison.Ordinal);

    /// <summary>Learns what the lines of an event will need.</summary>
    public Task PrepareAsync(RelayEvent next, CancellationToken cancellationToken) => next switch
    {
        RelayUpdate { Card.Actions.Count: > 0 } update => menus.TryLearnAsync(update.Service, cancellationToken),
        RelayCommandDone { Card.Actions.Count: > 0 } done => menus.TryLearnAsync(done.Service, cancellationToken),
        _ => Task.CompletedTask,
    };

    /// <summary>The lines that an event is worth; null for one that is not about services.</summary>
    public IEnumerable<NewsLine>? Take(RelayEvent next) => next switch
    {
        RelayUpdate update => Describe(update),
        RelayCommandDone done => Describe(done),
        RelaySubscriptionNotice notice => [new NewsLine(Describe(notice), NewsTone.Loud)],
        RelayServiceChange change => [new NewsLine($"{change.Service} is {(change.IsAvailable ? "back" : "away")}")],
        _ => null,
    };

    /// <summary>What a service has answered to the one who asked.</summary>
    /// <param name="service">Which.</param>
    /// <param name="text">What it says; may be empty.</param>
    /// <param name="card">What it shows; null for nothing.</param>
    public IReadOnlyList<NewsLine> Answer(string service, string text, ServiceCard? card) => Say(service, text, service, card);

    private List<NewsLine> Describe(RelayUpdate update)
    {
        // Who reads has the card above already; told again is only what has changed of it, as when somebody likes it.
        if (cards.Find(update.Service, update.Card.Item) is { } before && IsSameBeside(before.Card, update.Card)
            && update.Card.Fields.Except(before.Card.Fields).ToArray() is { Length: > 0 } changed)
        {
            return [new NewsLine($"[{update.Service}] {CardLines.Heading(cards.Renew(before, update.Card))} ({CardLines.Fields(changed)})")];
        }

        ShownCard shown = cards.Note(update.Service, update.Card);
        return [new NewsLine($"[{update.Service}] {CardLines.Heading(shown)}", NewsTone.Loud), .. Below(shown)];
    }

    private List<NewsLine> Describe(RelayCommandDone done)
    {
        ShownCard? about = done.Item is { } item ? cards.Find(done.Service, item) : null;
        ServiceCard? titled = about?.Card ?? (done.Card?.Item == done.Item ? done.Card : null);
        string on = titled is not null && done.Item is not null && !done.Text.Contains(titled.Title, StringComparison.Ordinal) ? $", on \"{titled.Title}\"" : string.Empty;

        // Who reads has the card above already; told again is only what has changed of it.
        ServiceCard? card = about is not null && done.Card is not null && IsSame(about.Card, done.Card) ? null : done.Card;
        string text = done.Text.Length > 0 || card is not null ? done.Text : done.Verb;
        return Say($"{done.From} ({done.Service}{on})", text, done.Service, card);
    }

    private List<NewsLine> Say(string who, string text, string service, ServiceCard? card)
    {
        List<NewsLine> lines = [.. CardLines.Lines(text).Select((line, index) => index == 0 ? new NewsLine($"{who}: {line}") : Below(line))];
        if (card is null)
        {
            return lines;
        }

        ShownCard shown = cards.Note(service, card);
        string heading = CardLines.Heading(shown);
        lines.Add(lines.Count == 0 ? new NewsLine($"{who}: {heading}", NewsTone.Loud) : Below(heading));
        lines.AddRange(Below(shown));
        return lines;
    }

    private IEnumerable<NewsLine> Below(ShownCard shown) => CardLines.Below(shown, verb => menus.Verb(shown.Service, verb)?.Title).Select(Below);

    private static NewsLine Below(string line) => new(line, IsContinued: true);

    private string Describe(RelaySubscriptionNotice notice)
    {
        if (notice.Event == SubscriptionEvent.Ended)
        {
            string again = IsOfInbox(notice) ? "'relay subscribe'" : "/subscribe";
            return $"the subscription to {notice.Topic} has ended; {again} begins another";
        }

        string renew = IsOfInbox(notice) ? $"'relay renew {notice.Topic}'" : $"/renew {notice.Topic}";
        return $"the subscription to {notice.Topic} ends at {ChatFormat.When(notice.ExpiresAt, clock.GetLocalNow())}; {renew} renews it";
    }

    private static bool IsSame(ServiceCard one, ServiceCard other) => IsSameBeside(one, other) && !other.Fields.Except(one.Fields).Any();

    private static bool IsSameBeside(ServiceCard one, ServiceCard other) =>
        one.Title == other.Title && one.Text == other.Text && one.Link == other.Link;
}
