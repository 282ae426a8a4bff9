using System.Text;
using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.UnitTests.Adapters;

public sealed class FeedParserTests
{
    private static readonly Uri Origin = new("https://example.org/feeds/all.xml");

    [Fact]
    public void Parse_RssItem_HasAllThatACardShows()
    {
        FeedItem item = One(FeedDocuments.Rss(
            """
            <item><guid isPermaLink="false">n-1</guid><title>Rain &amp; sun</title><link>https://example.org/1</link>
            <description>&lt;p&gt;First&lt;/p&gt;&lt;p&gt;Second&lt;/p&gt;</description><pubDate>Sat, 7 Jun 2025 09:05:00 GMT</pubDate>
            <enclosure url="https://example.org/1.png" length="10" type="image/png"/><category>Weather</category><category>Local</category></item>
            """));

        Assert.Equal("n-1", item.Id);
        Assert.Equal("Rain & sun", item.Title);
        Assert.Equal("First\n\nSecond", item.Text);
        Assert.Equal("https://example.org/1", item.Link);
        Assert.Equal("https://example.org/1.png", item.Image);
        Assert.Equal(new DateTimeOffset(2025, 6, 7, 9, 5, 0, TimeSpan.Zero), item.PublishedAt);
        Assert.Equal(["Weather", "Local"], item.Categories);
    }

    [Fact]
    public void Parse_AtomEntry_HasAllThatACardShows()
    {
        FeedItem item = One(FeedDocuments.Atom(
            """
            <entry><id>tag:example.org,2026:1</id><title type="html">A &lt;b&gt;bold&lt;/b&gt; title</title><updated>2026-02-03T04:05:06+01:00</updated>
            <link rel="self" href="https://example.org/self"/><link href="../posts/1"/><link rel="enclosure" type="image/jpeg" href="/1.jpg"/>
            <category term="music" label="Music"/><content type="html">&lt;script&gt;evil()&lt;/script&gt;Text</content></entry>
            """));

        Assert.Equal("tag:example.org,2026:1", item.Id);
        Assert.Equal("A bold title", item.Title);
        Assert.Equal("Text", item.Text);
        Assert.Equal("https://example.org/posts/1", item.Link);
        Assert.Equal("https://example.org/1.jpg", item.Image);
        Assert.Equal(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(1)), item.PublishedAt);
        Assert.Equal(["Music"], item.Categories);
    }

    [Fact]
    public void Parse_IdMissing_LinkThenHashNamesIt()
    {
        FeedItem linked = One(FeedDocuments.Rss("<item><title>A</title><link>https://example.org/a</link></item>"));
        FeedItem bare = One(FeedDocuments.Rss("<item><title>A</title><description>B</description></item>"));
        FeedItem again = One(FeedDocuments.Rss("<item><title>A</title><description>B</description></item>"));

        Assert.Equal("https://example.org/a", linked.Id);
        Assert.StartsWith("sha256:", bare.Id, StringComparison.Ordinal);
        Assert.Equal(bare.Id, again.Id);
    }

    [Fact]
    public void Parse_TheSameIdTwice_IsOneItem()
    {
        IReadOnlyList<FeedItem> items = Parse(FeedDocuments.Rss("<item><guid>1</guid><title>A</title></item>", "<item><guid>1</guid><title>B</title></item>"));

        Assert.Equal("A", Assert.Single(items).Title);
    }

    [Fact]
    public void Parse_MoreItemsThanAllowed_TakesTheFirst()
    {
        byte[] feed = FeedDocuments.Rss([.. Enumerable.Range(0, 20).Select(number => $"<item><guid>{number}</guid><title>T</title></item>")]);

        Assert.Equal(["0", "1", "2"], new FeedParser(3, 100).Parse(feed, Origin).Select(item => item.Id));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:password@example.org/")]
    [InlineData("http://[bad")]
    public void Parse_LinkThatMayNotBeShown_IsLeftOutAndTheItemStays(string link)
    {
        FeedItem item = One(FeedDocuments.Rss($"<item><guid>1</guid><title>A</title><link>{link}</link></item>"));

        Assert.Equal(string.Empty, item.Link);
        Assert.Equal("A", item.Title);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("Fri, 11 Feb 2022 19:58:02 CET")]
    [InlineData("99 Foo 2022")]
    public void Parse_DateInAFormOfItsOwn_ItemIsGoodWithoutIt(string date)
    {
        FeedItem item = One(FeedDocuments.Rss($"<item><guid>1</guid><title>A</title><pubDate>{date}</pubDate></item>"));

        Assert.Null(item.PublishedAt);
    }

    [Fact]
    public void Parse_TitleAndTextTooLong_AreCut()
    {
        FeedItem item = One(FeedDocuments.Rss($"<item><guid>1</guid><title>{new string('a', 5000)}</title><description>{new string('b', 5000)}</description></item>"));

        Assert.Equal(FeedLimits.TitleBytesMax, Encoding.UTF8.GetByteCount(item.Title));
        Assert.Equal(100, Encoding.UTF8.GetByteCount(item.Text));
        Assert.EndsWith("…", item.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_MediaThumbnail_IsTheImage()
    {
        FeedItem item = One(FeedDocuments.Rss("<item><guid>1</guid><title>A</title><media:thumbnail url=\"https://example.org/t.png\"/></item>"));

        Assert.Equal("https://example.org/t.png", item.Image);
    }

    [Fact]
    public void Parse_ContentWithoutDescription_IsTheText()
    {
        FeedItem item = One(FeedDocuments.Rss("<item><guid>1</guid><title>A</title><content:encoded><![CDATA[<p>Whole <i>text</i></p>]]></content:encoded></item>"));

        Assert.Equal("Whole text", item.Text);
    }

    [Theory]
    [InlineData("<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss version=\"2.0\"><channel><title>&x;</title></channel></rss>", "document type")]
    [InlineData("<!DOCTYPE rss SYSTEM \"http://127.0.0.1/x.dtd\"><rss version=\"2.0\"><channel/></rss>", "document type")]
    [InlineData("<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><r>&b;</r>", "document type")]
    [InlineData("<rss version=\"2.0\"><channel><item>", "well-formed")]
    [InlineData("", "well-formed")]
    [InlineData("not xml at all", "well-formed")]
    [InlineData("<html><body>Moved</body></html>", "neither RSS")]
    [InlineData("<rss version=\"0.91\"><channel/></rss>", "another version")]
    [InlineData("<feed xmlns=\"urn:other\"/>", "neither RSS")]
    [InlineData("<rss version=\"2.0\"><channel><title>&nosuch;</title></channel></rss>", "well-formed")]
    public void Parse_HostileOrMalformed_SaysWhyWithoutItsWords(string document, string reason)
    {
        FeedException problem = Assert.Throws<FeedException>(() => Parse(FeedDocuments.Raw(document)));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("passwd", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NestedTooDeep_IsRefused()
    {
        string deep = string.Concat(Enumerable.Repeat("<x>", FeedLimits.DepthMax)) + string.Concat(Enumerable.Repeat("</x>", FeedLimits.DepthMax));

        FeedException problem = Assert.Throws<FeedException>(() => Parse(FeedDocuments.Rss($"<item>{deep}</item>")));

        Assert.Contains("nested", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooManyElementsOrAttributes_IsRefused()
    {
        string many = string.Concat(Enumerable.Repeat("<x/>", FeedLimits.ElementsMax + 1));
        string wide = $"<x {string.Join(' ', Enumerable.Range(0, FeedLimits.AttributesMax + 1).Select(number => $"a{number}='1'"))}/>";

        Assert.Contains("elements", Assert.Throws<FeedException>(() => Parse(FeedDocuments.Rss(many))).Message, StringComparison.Ordinal);
        Assert.Contains("attributes", Assert.Throws<FeedException>(() => Parse(FeedDocuments.Rss(wide))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_BytesAtRandom_AreAFeedOrAReason()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[] good = FeedDocuments.Rss("<item><guid>1</guid><title>A</title><link>/x</link><pubDate>Sat, 7 Jun 2025 09:05:00 GMT</pubDate></item>");
        for (int round = 0; round < 2000; round++)
        {
            byte[] bad = [.. good];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }

            try
            {
                Parse(bad);
            }
            catch (FeedException)
            {
            }
            catch (Exception problem)
            {
                Assert.Fail($"seed {seed}, round {round}: {problem}");
            }
        }
    }

    private static FeedItem One(byte[] feed) => Assert.Single(Parse(feed));

    private static IReadOnlyList<FeedItem> Parse(byte[] feed) => new FeedParser(500, 100).Parse(feed, Origin);
}
