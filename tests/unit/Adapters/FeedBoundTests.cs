using System.Text;
using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.UnitTests.Adapters;

/// <summary>What is taken of one item of a feed.</summary>
public sealed class FeedBoundTests
{
    [Fact]
    public void Parse_MoreCategoriesThanAreTaken_TakesTheFirstAndCutsThem()
    {
        string categories = string.Concat(Enumerable.Range(0, FeedLimits.CategoriesMax + 1).Select(number => $"<category>{number} {new string('c', 500)}</category>"));
        FeedItem item = One($"<guid>1</guid><title>A</title>{categories}");

        Assert.Equal(FeedLimits.CategoriesMax, item.Categories.Count);
        Assert.All(item.Categories, category => Assert.Equal(FeedLimits.CategoryBytesMax, Encoding.UTF8.GetByteCount(category)));
    }

    [Theory]
    [InlineData(FeedLimits.CategoryBytesMax, false)]
    [InlineData(FeedLimits.CategoryBytesMax + 1, true)]
    public void Parse_IdThatIsLong_IsHashed(int characters, bool isHashed)
    {
        FeedItem item = One($"<guid isPermaLink=\"false\">{new string('i', characters)}</guid><title>A</title>");

        Assert.Equal(isHashed, item.Id.StartsWith("sha256:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FeedLimits.LinkBytesMax, true)]
    [InlineData(FeedLimits.LinkBytesMax + 1, false)]
    public void Parse_LinkThatIsLong_IsLeftOut(int bytes, bool isTaken)
    {
        string link = "https://example.org/".PadRight(bytes, 'l');
        FeedItem item = One($"<guid>1</guid><title>A</title><link>{link}</link>");

        Assert.Equal(isTaken ? link : string.Empty, item.Link);
    }

    [Fact]
    public void Of_MoreHtmlThanIsLookedAt_EndsThere()
    {
        string space = new(' ', FeedLimits.HtmlCharactersMax - 1);

        Assert.Equal("a", HtmlText.Of($"a{space}b", 1000));
        Assert.Equal("a b", HtmlText.Of($"a{space[1..]}b", 1000));
        Assert.Null(HtmlText.FirstImage($"{space}<img src=\"https://example.org/a.png\">"));
    }

    private static FeedItem One(string item) =>
        Assert.Single(new FeedParser(10, 1000).Parse(FeedDocuments.Rss($"<item>{item}</item>"), new Uri("https://example.org/feed")));
}
