using System.Security.Cryptography;
using System.ServiceModel.Syndication;
using System.Text;
using System.Xml;

namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>Reads RSS 2.0 and Atom 1.0.</summary>
/// <param name="itemsMax">Most items of one feed; those above are passed over.</param>
/// <param name="textBytesMax">Most bytes of an item's text.</param>
internal sealed class FeedParser(int itemsMax, int textBytesMax)
{
    private const string AtomNamespace = "http://www.w3.org/2005/Atom";
    private const string ContentNamespace = "http://purl.org/rss/1.0/modules/content/";
    private const string MediaNamespace = "http://search.yahoo.com/mrss/";

    /// <summary>The items of a feed, in its order, each id once.</summary>
    /// <param name="document">The bytes of the document.</param>
    /// <param name="origin">Where it was read from, to which relative links are relative; null for a file.</param>
    /// <exception cref="FeedException">It is no feed, or not a bounded one.</exception>
    public IReadOnlyList<FeedItem> Parse(byte[] document, Uri? origin)
    {
        FeedDocument.Check(document);
        SyndicationFeed feed = Load(document);
        Dictionary<string, FeedItem> items = new(StringComparer.Ordinal);
        foreach (SyndicationItem entry in feed.Items.Take(itemsMax))
        {
            FeedItem item = Read(entry, origin);
            items.TryAdd(item.Id, item);
        }

        return [.. items.Values];
    }

    private static SyndicationFeed Load(byte[] document)
    {
        try
        {
            using XmlReader reader = FeedDocument.Open(document);
            reader.MoveToContent();
            SyndicationFeedFormatter formatter = reader switch
            {
                { LocalName: "rss", NamespaceURI: "" } => new Rss20FeedFormatter(),
                { LocalName: "feed", NamespaceURI: AtomNamespace } => new Atom10FeedFormatter(),
                _ => throw new FeedException("it is neither RSS 2.0 nor Atom 1.0"),
            };

            // One bad address or date must not lose the other items.
            formatter.UriParser = ReadUri;
            formatter.ReadFrom(reader);
            return formatter.Feed;
        }
        catch (XmlException problem)
        {
            throw FeedDocument.Describe(problem);
        }
        catch (NotSupportedException problem)
        {
            throw new FeedException("it is RSS of another version than 2.0", problem);
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new FeedException("it is not a valid feed", problem);
        }
    }

    private static bool ReadUri(XmlUriData data, out Uri uri)
    {
        if (!Uri.TryCreate(data.UriString.Trim(), UriKind.RelativeOrAbsolute, out Uri? parsed))
        {
            parsed = new Uri(string.Empty, UriKind.Relative);
        }

        uri = parsed;
        return true;
    }

    private FeedItem Read(SyndicationItem entry, Uri? origin)
    {
        string html = HtmlOf(entry);
        string text = HtmlText.Of(html, textBytesMax);
        string link = LinkOf(entry, origin);
        string title = HtmlText.Of(entry.Title?.Text ?? string.Empty, FeedLimits.TitleBytesMax).ReplaceLineEndings(" ");
        if (title.Length == 0)
        {
            string instead = text.Length > 0 ? text : link.Length > 0 ? link : "—";
            title = FeedText.Line(instead, FeedLimits.TitleBytesMax);
        }

        IReadOnlyList<string> categories =
        [
            .. entry.Categories.Select(category => category.Label ?? category.Name).OfType<string>()
                .Select(name => FeedText.Line(name, FeedLimits.CategoryBytesMax)).Where(name => name.Length > 0).Take(FeedLimits.CategoriesMax),
        ];

        // What the heading says already is not said again below it.
        string below = text == title ? string.Empty : text;
        return new FeedItem(IdOf(entry, link, title, text), title, below, link, ImageOf(entry, html, origin), DateOf(entry), categories);
    }

    private static string IdOf(SyndicationItem entry, string link, string title, string text)
    {
        string id = entry.Id?.Trim() ?? string.Empty;
        if (id.Length == 0)
        {
            id = link.Length > 0 ? link : $"{title}\n{text}";
        }

        return id.Length <= FeedLimits.CategoryBytesMax && !id.Contains('\n', StringComparison.Ordinal)
            ? id
            : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }

    private static string HtmlOf(SyndicationItem entry)
    {
        string summary = entry.Summary?.Text ?? string.Empty;
        if (summary.Trim().Length > 0)
        {
            return summary;
        }

        return entry.Content is TextSyndicationContent content
            ? content.Text ?? string.Empty
            : ExtensionText(entry, "encoded", ContentNamespace);
    }

    private static string LinkOf(SyndicationItem entry, Uri? origin)
    {
        SyndicationLink? link = entry.Links.FirstOrDefault(candidate => candidate.RelationshipType is null or "alternate") ?? entry.Links.FirstOrDefault(
            candidate => candidate.RelationshipType is not ("enclosure" or "self" or "edit"));
        return WebLink.Accept(Written(link), Base(link, origin));
    }

    private static string ImageOf(SyndicationItem entry, string html, Uri? origin)
    {
        SyndicationLink? enclosure = entry.Links.FirstOrDefault(
            link => link.RelationshipType == "enclosure" && link.MediaType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true);
        string? image = Written(enclosure) ?? MediaImage(entry) ?? HtmlText.FirstImage(html);
        return WebLink.Accept(image, Base(enclosure, origin));
    }

    private static string? Written(SyndicationLink? link) => link?.Uri?.OriginalString is { Length: > 0 } written ? written : null;

    private static Uri? Base(SyndicationLink? link, Uri? origin) => link?.BaseUri is { IsAbsoluteUri: true } stated ? stated : origin;

    private static string? MediaImage(SyndicationItem entry)
    {
        foreach (SyndicationElementExtension extension in entry.ElementExtensions)
        {
            if (extension.OuterNamespace == MediaNamespace && extension.OuterName is "thumbnail" or "content")
            {
                using XmlReader reader = extension.GetReader();
                string? medium = reader.GetAttribute("medium");
                string? type = reader.GetAttribute("type");
                bool isImage = extension.OuterName == "thumbnail" || medium == "image" || type?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true;
                if (isImage && reader.GetAttribute("url") is { Length: > 0 } address)
                {
                    return address;
                }
            }
        }

        return null;
    }

    private static string ExtensionText(SyndicationItem entry, string name, string space)
    {
        SyndicationElementExtension? extension = entry.ElementExtensions.FirstOrDefault(candidate => candidate.OuterName == name && candidate.OuterNamespace == space);
        if (extension is null)
        {
            return string.Empty;
        }

        using XmlReader reader = extension.GetReader();
        var text = new StringBuilder();
        while (reader.Read() && text.Length < FeedLimits.HtmlCharactersMax)
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                text.Append(reader.Value);
            }
        }

        return text.ToString();
    }

    private static DateTimeOffset? DateOf(SyndicationItem entry)
    {
        try
        {
            DateTimeOffset date = entry.PublishDate != default ? entry.PublishDate : entry.LastUpdatedTime;
            return date == default ? null : date;
        }
        catch (XmlException)
        {
            // Many feeds write dates in forms of their own; the item is good without one.
            return null;
        }
    }
}
