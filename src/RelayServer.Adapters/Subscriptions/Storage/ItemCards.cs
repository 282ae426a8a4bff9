using System.Globalization;
using RelayServer.Adapters.Subscriptions.Commands;
using RelayServer.Client.Services;
using RelayServer.Rooms;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>Items as the chat window shows them.</summary>
internal static class ItemCards
{
    private const string Published = "published";
    private const string Likes = "likes";

    /// <summary>The card of an item for those who have its topic, with what can be done with it.</summary>
    public static ServiceCard Of(StoredItem item) => Of(item, Wordings.English);

    /// <summary>The same for those who may not have its topic: with a button that subscribes to it.</summary>
    /// <param name="item">The item.</param>
    /// <param name="wording">The language of the buttons.</param>
    public static ServiceCard Offer(StoredItem item, Wording wording)
    {
        ServiceCard card = Of(item, wording);
        return item.Topic.Length == 0
            ? card
            : card with { Actions = [.. card.Actions, new CardAction { Label = wording.Subscribe, Verb = SubscriptionWords.Subscribe, Arguments = [item.Topic] }] };
    }

    private static ServiceCard Of(StoredItem item, Wording wording) => new()
    {
        Item = item.Item,
        Title = item.Title,
        Text = item.Text,
        Link = item.Link,
        Image = item.Image,
        Fields = item.PublishedAt == 0 ? [] : [new CardField(Published, Format(item.PublishedAt))],
        Actions =
        [
            new CardAction { Label = wording.Like, Verb = Verbs.Like },
            new CardAction { Label = wording.Comment, Verb = Verbs.Comment },
            new CardAction { Label = wording.Share, Verb = Verbs.Share },
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
