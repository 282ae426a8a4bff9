using System.Text;

namespace RelayServer.UnitTests.Adapters;

/// <summary>Feeds as text.</summary>
internal static class FeedDocuments
{
    public static byte[] Rss(params string[] items) => Encoding.UTF8.GetBytes(
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
          <channel><title>Feed</title><link>https://example.org/</link><description>A feed</description>{string.Concat(items)}</channel>
        </rss>
        """);

    public static byte[] Atom(params string[] entries) => Encoding.UTF8.GetBytes(
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><id>urn:feed</id><updated>2026-01-01T00:00:00Z</updated>{string.Concat(entries)}</feed>
        """);

    public static byte[] Raw(string text) => Encoding.UTF8.GetBytes(text);
}
