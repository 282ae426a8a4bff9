using System.Text;
using RelayServer.Adapters.Subscriptions.Feeds;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Adapters;

/// <summary>Feeds that were damaged, or made to do harm: they are read or refused, and nothing else happens.</summary>
public sealed class FeedDamageTests
{
    private const int Rounds = 3000;

    private static readonly string[] Poison =
    [
        "99999-99-99T99:99:99Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "Mon, 32 Foo 2026 25:61:61 XYZ", "", " ", "\u0000", "&#0;", "&#xD800;", "&#x202E;", "&lol;",
        "http://[::1", "http://\u0000/", "javascript:alert(1)", "//", "http://a:99999/", "<![CDATA[ <b> ]]>", "]]>", "<!-- x -->", "<?xml version=\"1.0\"?>", "<!DOCTYPE a>", "<x:y/>",
        "<a xmlns=\"\" xmlns:b=\"http://www.w3.org/2005/Atom\"/>", " xml:base=\"http://[\" ", " xml:base=\"..\" ", " type=\"xhtml\" ", " type=\"html\" ", " length=\"-1\" ", " isPermaLink=\"maybe\" ",
        "\ud83d\ude00", "<item/>", "<item><item/></item>", "<guid/>", "<entry/>", "<link/>", "<link rel=\"\u00a0\" href=\"\"/>", "<category/>", "<enclosure/>",
        "<content src=\"http://a/\"/>", "<content type=\"xhtml\">x</content>", "<source/>", "<pubDate/>", "<updated>x</updated>", "<media:content/>",
    ];

    private static readonly byte[][] Whole =
    [
        FeedDocuments.Rss(
            "<item><guid isPermaLink=\"false\">1</guid><title>A &amp; b</title><link>/a</link><pubDate>Fri, 09 Jan 2026 07:30:00 GMT</pubDate><category domain=\"d\">x</category>"
            + "<enclosure url=\"https://example.org/a.png\" length=\"1\" type=\"image/png\"/><media:content url=\"https://example.org/b.png\" medium=\"image\"/>"
            + "<description>&lt;p&gt;text&lt;/p&gt;</description><content:encoded><![CDATA[<img src=\"x\">]]></content:encoded></item>"),
        FeedDocuments.Atom(
            "<entry xml:base=\"https://example.org/\"><id>urn:1</id><title type=\"html\">A &lt;b&gt;</title><link rel=\"alternate\" href=\"a\"/><updated>2026-01-01T00:00:00Z</updated>"
            + "<category term=\"x\" label=\"X\"/><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">text</div></content><author><name>n</name></author></entry>"),
    ];

    [Fact]
    public void Parse_DamagedFeeds_AreReadOrRefused()
    {
        ulong seed = TestSeed.Choose();
        var random = new Random(unchecked((int)seed));
        var parser = new FeedParser(500, 1000);
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] document = Damage(Whole[round % 2], random);
            try
            {
                read += parser.Parse(document, new Uri("https://example.org/feed")).Count;
            }
            catch (FeedException)
            {
                continue;
            }
            catch (Exception problem)
            {
                Assert.Fail($"seed {seed}, round {round}: {problem}\n{Encoding.UTF8.GetString(document)}");
            }
        }

        Assert.NotEqual(0, read);
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)));
                    break;
                default:
                    Replace(bytes, at, Encoding.UTF8.GetBytes(Poison[random.Next(Poison.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }

    // What stands between two signs, so that most documents stay XML.
    private static void Replace(List<byte> bytes, int at, byte[] poison)
    {
        byte[] signs = "<>\""u8.ToArray();
        int start = bytes.FindLastIndex(at, letter => signs.Contains(letter)) + 1;
        int end = bytes.FindIndex(at, letter => signs.Contains(letter));
        bytes.RemoveRange(start, Math.Max(0, (end < 0 ? bytes.Count : end) - start));
        bytes.InsertRange(start, poison);
    }
}
