namespace RelayServer.Adapters.Subscriptions.Feeds;

/// <summary>Bounds on what a feed can cost. Those that operators may want to change are in <see cref="SubscriptionsOptions"/>.</summary>
internal static class FeedLimits
{
    /// <summary>Elements inside each other.</summary>
    public const int DepthMax = 64;

    /// <summary>Elements of one document.</summary>
    public const int ElementsMax = 100_000;

    /// <summary>Attributes of one element.</summary>
    public const int AttributesMax = 64;

    /// <summary>Categories taken of one item.</summary>
    public const int CategoriesMax = 32;

    /// <summary>Bytes of a category or characters of an id; what is longer is cut or hashed.</summary>
    public const int CategoryBytesMax = 256;

    /// <summary>Bytes of a title.</summary>
    public const int TitleBytesMax = 200;

    /// <summary>Characters of HTML that are looked at to find the text of one item.</summary>
    public const int HtmlCharactersMax = 64 * 1024;

    /// <summary>Bytes of a link.</summary>
    public const int LinkBytesMax = 500;

    /// <summary>Times that one fetch may be sent elsewhere.</summary>
    public const int RedirectsMax = 5;

    /// <summary>Feeds of a process that are fetched and read at a time.</summary>
    public const int FetchesMax = 32;

    /// <summary>Kilobytes of a response's headers.</summary>
    public const int HeaderKilobytesMax = 16;

    /// <summary>Characters of an ETag that is kept.</summary>
    public const int ETagCharactersMax = 256;
}
