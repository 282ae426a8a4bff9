using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.UnitTests.Adapters;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a < b and b > c", "a < b and b > c")]
    [InlineData("<b>bold</b> <i>it</i>", "bold it")]
    [InlineData("one<br>two<br/>three", "one\ntwo\nthree")]
    [InlineData("<p>one</p>\n\n<p>two</p>", "one\n\ntwo")]
    [InlineData("<ul><li>a</li><li>b</li></ul>", "a\n\nb")]
    [InlineData("line\nbreaks  of   source", "line breaks of source")]
    [InlineData("<script>alert('x')</script>text", "text")]
    [InlineData("<SCRIPT src=x>alert(1)</SCRIPT >text", "text")]
    [InlineData("<script>never closed", "")]
    [InlineData("<style>p{}</style><!-- comment --><p title=\"a>b\">text</p>", "text")]
    [InlineData("&lt;script&gt;x&lt;/script&gt; &amp;amp; &#8364;", "<script>x</script> &amp; €")]
    [InlineData("<img src=x onerror=alert(1)>after", "after")]
    [InlineData("<<b>text", "<text")]
    [InlineData("end <", "end <")]
    [InlineData("open <b", "open")]
    [InlineData("a\u202Eb\u0000c\u200Fd", "abcd")]
    public void Of_Html_GivesItsText(string html, string text)
    {
        Assert.Equal(text, HtmlText.Of(html, 1000));
    }

    [Fact]
    public void Of_LongHtml_IsBounded()
    {
        string text = HtmlText.Of(string.Concat(Enumerable.Repeat("<p>word</p>", 100_000)), 50);

        Assert.True(text.Length <= 50, text);
    }

    [Fact]
    public void Of_MarkupThatNeverEnds_TakesLinearTime()
    {
        string open = string.Concat(Enumerable.Repeat("<a href=\"", 100_000));
        string comments = string.Concat(Enumerable.Repeat("<!--", 100_000));
        string scripts = string.Concat(Enumerable.Repeat("<script><", 100_000));

        Assert.Equal(string.Empty, HtmlText.Of(open, 100));
        Assert.Equal(string.Empty, HtmlText.Of(comments, 100));
        Assert.Equal(string.Empty, HtmlText.Of(scripts, 100));
    }

    [Fact]
    public void Of_TextAtRandom_HoldsNoControlCharacters()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        const string letters = "<>/!-\"'= abp&;#\u0001\u202E\uD83D\uDE00\n";
        for (int round = 0; round < 2000; round++)
        {
            string html = new([.. Enumerable.Range(0, random.Next(60)).Select(_ => letters[random.Next(letters.Length)])]);
            string text = HtmlText.Of(html, 40);

            Assert.True(System.Text.Encoding.UTF8.GetByteCount(text) <= 40, $"seed {seed}: {html}");
            Assert.DoesNotContain(text, letter => (char.IsControl(letter) && letter != '\n') || letter == '\u202E');
        }
    }

    [Fact]
    public void Cut_PairAtTheEnd_IsNotHalved()
    {
        Assert.Equal("abcd…", FeedText.Cut("abcd\U0001F600ef", 9));
        Assert.Equal("abcd\U0001F600ef", FeedText.Cut("abcd\U0001F600ef", 10));
        Assert.Equal("äöü…", FeedText.Cut("äöüäöü", 10));
    }

    [Theory]
    [InlineData("<p><img alt=x src=\"https://example.org/a.png?x=1&amp;y=2\"></p>", "https://example.org/a.png?x=1&y=2")]
    [InlineData("<p>none</p>", null)]
    [InlineData("<img src=", null)]
    [InlineData("<img src=\"never", null)]
    public void FirstImage_Html_GivesItsAddress(string html, string? address)
    {
        Assert.Equal(address, HtmlText.FirstImage(html));
    }
}
