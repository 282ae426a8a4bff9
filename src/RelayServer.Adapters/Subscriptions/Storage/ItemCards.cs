using System.Globalization;
using RelayServer.Adapters.Subscriptions.Commands;
using RelayServer.Client.Services;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>Items as the chat window shows them.</summary>
internal static class ItemCards
{
    private const string Published = "published";
    private const string Likes = "likes";

    /// <summary>The card of an item, with what can be done with it.</summary>
    /// <param name="item">The item.</param>
    /// <param name="wording">The language of the buttons; null for what many see: English.</param>
    public static ServiceCard Of(StoredItem item, Wording? wording = null) => new()
    {
        Item = item.Item,
        Title = item.Title,
        Text = item.Text,
        Link = item.Link,
        Image = item.Image,
        Fields = item.PublishedAt == 0 ? [] : [new CardField(Published, Format(item.PublishedAt))],
        Actions =
        [
            new CardAction { Label = (wording ?? Wordings.English).Like, Verb = Verbs.Like },
            new CardAction { Label = (wording ?? Wordings.English).Comment, Verb = Verbs.Comment },
            new CardAction { Label = (wording ?? Wordings.English).Share, Verb = Verbs.Share },
        ],
    };

    /// <summary>The same for those who have it before them already: with how many like it.</summary>
    public static ServiceCard Of(StoredItem item, long likes)
    {
        ServiceCard card = Of(item);
        return card with { Fields = [.. card.Fields, new CardField(Likes, likes.ToString(CultureInfo.InvariantCulture))] };
    }

    private static string Format(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
