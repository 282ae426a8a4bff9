using System.Globalization;
using RelayServer.Client.Services;

namespace RelayServer.Adapters.Subscriptions.Storage;

/// <summary>Items as the chat window shows them.</summary>
internal static class ItemCards
{
    /// <summary>The card of an item, with what can be done with it.</summary>
    public static ServiceCard Of(StoredItem item) => new()
    {
        Item = item.Item,
        Title = item.Title,
        Text = item.Text,
        Link = item.Link,
        Image = item.Image,
        Fields = item.PublishedAt == 0 ? [] : [new CardField("published", Format(item.PublishedAt))],
        Actions =
        [
            new CardAction { Label = "Like", Verb = "like" },
            new CardAction { Label = "Comment", Verb = "comment" },
            new CardAction { Label = "Share", Verb = "share" },
        ],
    };

    private static string Format(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
