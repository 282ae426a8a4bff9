using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.Adapters.Subscriptions.Storage;

namespace RelayServer.Adapters.Subscriptions;

/// <summary>An item as somebody hands it in, by a webhook or on the command line.</summary>
/// <param name="Id">Names the item for its sender; the same id again is the same item.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What it says, or empty.</param>
/// <param name="Link">Where to read on, or empty.</param>
/// <param name="Image">A picture, or empty.</param>
/// <param name="Subjects">What it is about.</param>
public sealed record ItemDraft(string Id, string Title, string Text, string Link, string Image, IReadOnlyList<string> Subjects)
{
    /// <summary>Most characters of <see cref="Id"/>.</summary>
    public const int IdCharactersMax = 256;

    /// <summary>Most <see cref="Subjects"/>.</summary>
    public const int SubjectsMax = SubjectNames.CountMax;

    /// <summary>The item.</summary>
    /// <param name="source">Who hands it in.</param>
    /// <param name="target">Where its updates go.</param>
    /// <param name="textBytesMax">Most bytes of its text.</param>
    /// <param name="now">When it came.</param>
    /// <exception cref="FormatException">It cannot be taken; the message is for its sender.</exception>
    internal NewItem Make(string source, SourceTarget target, int textBytesMax, DateTimeOffset now)
    {
        string title = FeedText.Line(Title, FeedLimits.TitleBytesMax);
        if (title.Length == 0)
        {
            throw new FormatException("title is empty");
        }

        var item = new StoredItem
        {
            Item = ItemNames.Of(source, Id),
            Title = title,
            Text = FeedText.Lines(Text, textBytesMax),
            Link = Address("link", Link),
            Image = Address("image", Image),
            PublishedAt = now.ToUnixTimeMilliseconds(),
        };
        return new NewItem(item, target.Subjects.Of(target.Own, Subjects));
    }

    private static string Address(string name, string written)
    {
        string address = WebLink.Accept(written);
        return written.Length > 0 && address.Length == 0
            ? throw new FormatException($"{name} must be an http or https address of at most {FeedLimits.LinkBytesMax} bytes")
            : address;
    }
}
