using System.Globalization;
using RelayServer.Cli.Rooms;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.RoomViews;
using RelayServer.Rooms;

namespace RelayServer.Cli.Chat;

/// <summary>
/// Turns what happens to a room into lines for people, and remembers as much of it as the next line needs: how the room
/// is divided, where the reader is, what is pinned.
/// </summary>
/// <param name="user">Who reads.</param>
/// <param name="observes">Every part is read, not one.</param>
/// <param name="position">Where the reader is now.</param>
/// <param name="readsHistory">Whether what is read now was there when the reader came.</param>
/// <param name="clock">Tells the time of day.</param>
internal sealed class RoomNews(string? user, bool observes, Func<Position> position, Func<bool> readsHistory, TimeProvider clock)
{
    internal const int CardsMax = 256;

    private readonly BroadcastNames _broadcasts = new();

    // What was pinned, also what is so no longer: who bought it may be told after.
    private readonly Dictionary<string, RoomProduct> _cards = [];

    // Cards that the room's present state told of, and that were not read of since.
    private readonly HashSet<string> _presentCards = [];
    private readonly KnownDivisions _divisions = new();
    private RoomStatus? _status;
    private ulong? _toldGeneration;
    private int _toldCount;

    /// <summary>Most members up to which coming and going is announced, so that counts need no lines of their own.</summary>
    public ulong NoticesMembersMax => _status?.Settings.Where(setting => setting.Setting == RoomSetting.NoticesMembersMax)
        .Select(setting => (ulong?)setting.Number).FirstOrDefault() ?? RoomSettings.Find(RoomSetting.NoticesMembersMax)!.Default;

    /// <summary>
    /// True for an entry that another part of the room has shown before: an observer gets what is said to all from each.
    /// </summary>
    public bool IsRepeat(RelayEntry entry) => observes && _broadcasts.IsRepeat(entry);

    /// <summary>
    /// What stands before an observer's line: the part that it is of; null for who is in one part only, and where the room was
    /// not split.
    /// </summary>
    public string? LabelOf(RelayEntry entry)
    {
        Partitioning? partitioning = _divisions.Of(entry.Position.Generation);
        if (!observes || partitioning?.Mode == SplitMode.Whole)
        {
            return null;
        }

        bool isToAll = partitioning is { Count: > 1 } && (entry.IsOwn || _broadcasts.IsBroadcaster(entry.From));
        return isToAll ? "all" : RoomSentences.Label(partitioning, entry.Position.Partition);
    }

    /// <summary>The lines that an event is worth; none for what has its own place, as messages, counts and reactions.</summary>
    public IEnumerable<NewsLine> Take(RelayEvent next) => next switch
    {
        RelayRoomState state => Take(state.Status),
        RelayRoomChange change when !IsRepeat(change) => [Describe(change)],
        RelaySplit { IsBeginning: true } split => Take(split),
        RelayMoved moved => Take(moved),
        RelayPresence presence when presence.User != user => [new NewsLine($"{presence.User} {(presence.HasJoined ? "came" : "left")}", NewsTone.Passing)],
        RelayDeletion deletion when !IsRepeat(deletion) => [new NewsLine($"(a message of {deletion.From} was deleted)", NewsTone.Passing)],
        RelayGap gap => [new NewsLine(Describe(gap))],
        _ => [],
    };

    private IEnumerable<NewsLine> Take(RoomStatus status)
    {
        bool isFirst = _status is null;
        _status = status;
        _divisions.Note(status.Partitioning);
        _broadcasts.Add(status.Owner);
        if (isFirst)
        {
            foreach (RoomProduct product in status.Products)
            {
                Pin(product);
                _presentCards.Add(product.Id);
            }
        }

        return isFirst ? Introduce(status) : [];
    }

    private IEnumerable<NewsLine> Introduce(RoomStatus status)
    {
        _toldGeneration = status.Partitioning.Generation;
        _toldCount = status.Partitioning.Count;
        if (Summary(status) is { } summary)
        {
            yield return new NewsLine(summary);
        }

        if (status.Notice.Length > 0)
        {
            yield return new NewsLine($"pinned: {RoomSentences.OneLine(status.Notice)}", NewsTone.Loud);
        }

        foreach (RoomProduct product in status.Products)
        {
            yield return new NewsLine($"on offer: {RoomSentences.Product(product)}", NewsTone.Loud);
        }
    }

    // Of an open room where everybody is together there is nothing to say.
    private string? Summary(RoomStatus status)
    {
        bool isSplit = status.Partitioning.Mode != SplitMode.Whole;
        if (status is { State: BroadcastState.Open, Title.Length: 0, Role: Role.None or Role.Member } && !isSplit)
        {
            return null;
        }

        string life = status switch
        {
            { State: BroadcastState.Scheduled, StartsAt: { } at } => $"scheduled, begins {ChatFormat.When(at, clock.GetLocalNow())}",
            { State: BroadcastState.Scheduled } => "scheduled, not yet begun",
            _ => RoomNames.Of(status.State),
        };
        string summary = $"{(status.Title.Length > 0 ? $"{status.Title}: " : "the room is ")}{life}";
        summary += status.MembersTotal > 0 ? $", {RoomSentences.People(status.MembersTotal)}" : string.Empty;
        if (isSplit)
        {
            bool knowsOwn = !observes && position().Generation == status.Partitioning.Generation;
            summary += $"; {RoomSentences.Division(status.Partitioning)}";
            summary += knowsOwn ? $", you are in {RoomSentences.Part(status.Partitioning, position().Partition)}" : string.Empty;
        }

        return status.Role is Role.None or Role.Member ? summary : $"{summary}; you are {RoleNames.Of(status.Role)} here";
    }

    private NewsLine Describe(RelayRoomChange change)
    {
        _broadcasts.Add(change.From);
        RoomControl control = change.Control;
        if (control is { Verb: ControlVerb.Product, Product: { } product } && Pin(product) is { } known && known with { Stock = product.Stock } == product)
        {
            return new NewsLine(
                product.Stock switch
                {
                    0 => $"sold out: {product.Title}",
                    uint.MaxValue => RoomSentences.Change(control, change.From),
                    uint left => string.Create(CultureInfo.InvariantCulture, $"{product.Title}: {left:N0} left"),
                },
                product.Stock == 0 ? NewsTone.Loud : NewsTone.Plain);
        }

        bool isLoud = control.Verb is ControlVerb.Start or ControlVerb.End or ControlVerb.Notice or ControlVerb.Product
            or ControlVerb.ProductRemoved or ControlVerb.Purchase || control.User == user;
        return new NewsLine(RoomSentences.Change(control, change.From, user, TitleOf), isLoud ? NewsTone.Loud : NewsTone.Plain);
    }

    // The card as it was before; null when there was none. The card of now is not what was there before in history.
    private RoomProduct? Pin(RoomProduct product)
    {
        RoomProduct? known = _presentCards.Remove(product.Id) && readsHistory() ? null : Pinned(product.Id);
        if (_cards.Count < CardsMax || _cards.ContainsKey(product.Id))
        {
            _cards[product.Id] = product;
        }

        return known;
    }

    private RoomProduct? Pinned(string productId) => _cards.GetValueOrDefault(productId);

    private string? TitleOf(string productId) => Pinned(productId)?.Title;

    // An observer reads the beginning of every part; told is what they are together.
    private IEnumerable<NewsLine> Take(RelaySplit split)
    {
        Partitioning to = split.Notice.To;
        _divisions.Note(to);
        if (observes && _toldGeneration == to.Generation && _toldCount >= to.Count)
        {
            return [];
        }

        bool isNew = _toldGeneration != to.Generation;
        _toldGeneration = to.Generation;
        _toldCount = to.Count;
        return observes && !isNew
            ? [new NewsLine($"{RoomSentences.Label(to, (uint)to.Count - 1)} has joined; the room is {RoomSentences.Division(to)}")]
            : [new NewsLine(RoomSentences.Split(split.Notice, observes ? null : split.Position.Partition))];
    }

    // Between generations the split's first message tells it.
    private IEnumerable<NewsLine> Take(RelayMoved moved) =>
        observes || moved.From.Generation != moved.To.Generation || _divisions.Of(moved.To.Generation) is not { } partitioning
            ? []
            : [new NewsLine($"you are in {RoomSentences.Part(partitioning, moved.To.Partition)} now")];

    private static string Describe(RelayGap gap)
    {
        if (gap is { Reason: GapReason.Skipped, MessageCount: { } skipped })
        {
            return $"{RoomSentences.Count(skipped, "message was", "messages were")} skipped: the room is faster than its delivery cap";
        }

        string what = gap.MessageCount is { } count
            ? string.Create(CultureInfo.InvariantCulture, $"{count} messages after {gap.After.Seq}")
            : string.Create(CultureInfo.InvariantCulture, $"an unknown number of messages around {gap.After.Seq}");
        string why = gap.Reason switch
        {
            GapReason.Trimmed => "they are older than what the relay keeps",
            GapReason.HistoryDiverged => "the relay's store lost the end of its log",
            GapReason.Skipped => "the room is faster than its delivery cap",
            _ => gap.Reason.ToString(),
        };
        return $"{gap.Channel}: missing {what}: {why}";
    }
}
