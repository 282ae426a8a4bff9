using System.Globalization;
using RelayServer.Rooms;

namespace RelayServer.Cli.Rooms;

/// <summary>What happens in rooms, in the words of people. Nothing of it is safe for a terminal yet.</summary>
internal static class RoomSentences
{
    /// <summary>A number with its thousands apart, and what it counts.</summary>
    public static string Count(ulong count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    /// <summary>So many people.</summary>
    public static string People(ulong count) => Count(count, "person", "people");

    /// <summary>How a room is divided: <c>together</c>, <c>split into 8 groups</c>, <c>split over 2 edges</c>.</summary>
    public static string Division(Partitioning partitioning) => partitioning.Mode switch
    {
        SplitMode.Groups => $"split into {Count((ulong)partitioning.Count, "group", "groups")}",
        SplitMode.Edges => $"split over {Count((ulong)partitioning.Count, "edge", "edges")}",
        _ => "together",
    };

    /// <summary>One part of a room by name: <c>group 3 of 8</c>, <c>the part of edge-2</c>.</summary>
    public static string Part(Partitioning partitioning, uint partition) => partitioning.Mode switch
    {
        SplitMode.Groups => string.Create(CultureInfo.InvariantCulture, $"group {partition + 1} of {partitioning.Count}"),
        SplitMode.Edges => $"the part of {EdgeOf(partitioning, partition)}",
        _ => "the whole room",
    };

    /// <summary>The same as short as it goes, before a line: <c>3</c>, <c>edge-2</c>.</summary>
    public static string Label(Partitioning? partitioning, uint partition) => partitioning?.Mode switch
    {
        SplitMode.Edges => EdgeOf(partitioning, partition),
        _ => (partition + 1).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>What a split or merge has made of the room, and of the one who reads of it.</summary>
    /// <param name="notice">The split.</param>
    /// <param name="own">The reader's partition; null for an observer, who has them all.</param>
    public static string Split(SplitNotice notice, uint? own)
    {
        if (notice.To.Mode == SplitMode.Whole)
        {
            return notice.Sizes is [var all, ..] ? $"the room is together again ({People(all)})" : "the room is together again";
        }

        string place = own is not { } partition ? "you see all of them"
            : $"you are in {Part(notice.To, partition)}{(partition < notice.Sizes.Count ? $" (about {People(notice.Sizes[(int)partition])})" : string.Empty)}";
        return $"the room is {Division(notice.To)}; {place}";
    }

    /// <summary>A product card in one line.</summary>
    public static string Product(RoomProduct product)
    {
        string stock = product.Stock switch
        {
            uint.MaxValue => string.Empty,
            0 => ", sold out",
            uint left => string.Create(CultureInfo.InvariantCulture, $", {left:N0} left"),
        };
        return $"{product.Title}, {Money.Format(product.PriceMinor, product.Currency)}{stock} [{product.Id}]{(product.Link.Length > 0 ? $" {product.Link}" : string.Empty)}";
    }

    /// <summary>What a control has done.</summary>
    /// <param name="control">The control.</param>
    /// <param name="by">Who did it; empty for the relay itself.</param>
    /// <param name="reader">User id of the reader, who is called "you"; null for none.</param>
    /// <param name="productOf">The title of a pinned product, by its id; null when it is not known.</param>
    public static string Change(RoomControl control, string by, string? reader = null, Func<string, string?>? productOf = null)
    {
        string actor = by.Length == 0 ? string.Empty : $" by {by}";
        string aside = by.Length == 0 ? string.Empty : $" ({by})";
        return control.Verb switch
        {
            ControlVerb.Create => $"the room was created{actor}{(control.Title.Length > 0 ? $": {control.Title}" : string.Empty)}",
            ControlVerb.Set => $"settings now{aside}: {string.Join(", ", control.Settings.Select(RoomValues.FormatSetting))}",
            ControlVerb.Start => "the room is live",
            ControlVerb.End => "the room has ended",
            ControlVerb.Split when control.Split == ControlSplit.Auto => $"from now on the room splits and merges by itself{aside}",
            ControlVerb.Split => $"a split was asked for{actor}",
            ControlVerb.Merge => $"the room no longer splits and merges by itself{aside}",
            ControlVerb.BanAddress => BanAddress(control, actor),
            ControlVerb.Notice => control.Text.Length > 0 ? $"pinned{actor}: {OneLine(control.Text)}" : $"the pinned notice was taken off{actor}",
            ControlVerb.Product => $"on offer: {Product(control.Product!)}",
            ControlVerb.ProductRemoved => $"no longer on offer: {Title(control.ProductId, productOf)}",
            ControlVerb.Purchase => Purchase(control, productOf),
            ControlVerb.Subscribe => Subscription(control, actor),
            ControlVerb.Unsubscribe => $"no longer subscribed to {control.Topic}{aside}",
            ControlVerb.Invite => control.IsInvited ? $"{control.Service} was let in{actor}" : $"{control.Service} was put out{actor}",
            _ => OfUser(control, actor, aside, reader),
        };
    }

    private static string Subscription(RoomControl control, string actor)
    {
        string subjects = control.Subjects.Count == 0 ? "all subjects" : string.Join(", ", control.Subjects);
        string until = control.ExpiresAtMilliseconds == 0
            ? string.Empty
            : $" until {DateTimeOffset.FromUnixTimeMilliseconds((long)control.ExpiresAtMilliseconds).ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}";
        return $"subscribed to {control.Topic} ({subjects}){until}{actor}";
    }

    /// <summary>A text of several lines in one.</summary>
    public static string OneLine(string text) => text.Replace('\n', ' ');

    private static string OfUser(RoomControl control, string actor, string aside, string? reader)
    {
        bool isReader = control.User == reader;
        string user = isReader ? "you" : control.User;
        string was = isReader ? "you were" : $"{control.User} was";
        string reason = control.Text.Length > 0 ? $": {control.Text}" : string.Empty;
        return control.Verb switch
        {
            ControlVerb.Appoint when control.Role == Role.None => $"{user} {(isReader ? "have" : "has")} no role in the room any more{aside}",
            ControlVerb.Appoint => $"{user} {(isReader ? "are" : "is")} {RoleNames.Of(control.Role)} now{aside}",
            ControlVerb.Mute when control.Seconds == 0 => $"{user} may speak again{aside}",
            ControlVerb.Mute => $"{was} muted {RoomValues.ForSeconds(control.Seconds)}{actor}{reason}",
            ControlVerb.Kick => $"{was} put out{actor}{reason}",
            ControlVerb.Ban when control.Seconds == 0 => $"{user} may come in again{aside}",
            ControlVerb.Ban => $"{was} banned {RoomValues.ForSeconds(control.Seconds)}{actor}{reason}",
            ControlVerb.Delete => $"a message of {(isReader ? "yours" : control.User)} was deleted{actor}",
            _ => $"the room was changed{actor}",
        };
    }

    // Of a ban of addresses the log has nothing but that there was one.
    private static string BanAddress(RoomControl control, string actor) => control switch
    {
        { AddressRange.Length: 0 } => $"a range of addresses was banned, or let in again{actor}",
        { Seconds: 0 } => $"{control.AddressRange} may come in again",
        _ => $"{control.AddressRange} is banned {RoomValues.ForSeconds(control.Seconds)}{(control.Text.Length > 0 ? $": {control.Text}" : string.Empty)}",
    };

    private static string Purchase(RoomControl control, Func<string, string?>? productOf)
    {
        string pieces = string.Create(CultureInfo.InvariantCulture, $"{control.Quantity:N0} \u00d7 {Title(control.ProductId, productOf)}");
        return control.Buyer.Length > 0 ? $"{control.Buyer} bought {pieces}" : $"sold: {pieces}";
    }

    private static string Title(string productId, Func<string, string?>? productOf) => productOf?.Invoke(productId) ?? productId;

    private static string EdgeOf(Partitioning partitioning, uint partition) =>
        partition < partitioning.Edges.Count ? partitioning.Edges[(int)partition] : $"edge {partition + 1}";
}
