using RelayServer.Adapters.Subscriptions;

namespace RelayServer.UnitTests.Adapters;

public sealed class SubscriptionOptionsTests
{
    [Fact]
    public void FindProblems_GoodSettings_FindsNone()
    {
        Assert.Empty(Of(Good()).FindProblems());
    }

    [Theory]
    [InlineData("News")]
    [InlineData("1news")]
    [InlineData("a.b")]
    [InlineData("news\n")]
    [InlineData("n234567890123456789012345678901234")]
    public void FindProblems_NameOutsideTheAlphabet_NamesTheKey(string name)
    {
        SubscriptionsOptions options = Good();
        options.Name = name;

        Assert.StartsWith("Adapters:Subscriptions:0:Name:", Assert.Single(Of(options).FindProblems()), StringComparison.Ordinal);
    }

    [Fact]
    public void FindProblems_FeedWithBothOrNeither_IsTold()
    {
        SubscriptionsOptions options = Good();
        options.Feeds = [new FeedOptions(), new FeedOptions { File = "a.xml", Url = new Uri("https://example.org/") }];

        Assert.Equal(2, Of(options).FindProblems().Count(problem => problem.Contains("Url or File", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ftp://example.org/feed")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:secret@example.org/")]
    public void FindProblems_UrlThatIsNotWeb_IsToldWithoutIt(string url)
    {
        SubscriptionsOptions options = Good();
        options.Feeds = [new FeedOptions { Url = new Uri(url) }];
        string problem = Assert.Single(Of(options).FindProblems());

        Assert.StartsWith("Adapters:Subscriptions:0:Feeds:0:Url:", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void FindProblems_TopicThatIsNotThere_IsTold()
    {
        SubscriptionsOptions options = Good();
        options.Feeds[0].Topic = "nosuch";
        options.Hooks[0].Topic = "nosuch";

        Assert.Equal(2, Of(options).FindProblems().Count(problem => problem.Contains("no topic \"nosuch\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void FindProblems_TheSameTwice_IsTold()
    {
        AdaptersOptions options = new() { Subscriptions = [Good(), Good()] };

        Assert.Equal(2, options.FindProblems().Count());
    }

    private static AdaptersOptions Of(SubscriptionsOptions service) => new() { Subscriptions = [service] };

    private static SubscriptionsOptions Good() => new()
    {
        Name = "news",
        Topics = [new TopicOptions { Name = "headlines", Title = "Headlines", Subjects = ["World"] }],
        Feeds = [new FeedOptions { Url = new Uri("https://example.org/feed"), Subject = "World" }],
        Hooks = [new HookOptions { Name = "desk", Subjects = ["local"] }],
    };
}
