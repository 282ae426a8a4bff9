using RelayServer.Adapters.Subscriptions.Feeds;

namespace RelayServer.UnitTests.Adapters;

public sealed class FeedOrderTests
{
    [Fact]
    public void OldestFirst_AllHaveDates_GoesByThem()
    {
        Assert.Equal(["b", "a", "c"], FeedOrder.OldestFirst([Item("a", 2), Item("b", 1), Item("c", 3)]).Select(item => item.Id));
    }

    [Fact]
    public void OldestFirst_SomeHaveNone_GoesUpTheFeed()
    {
        Assert.Equal(["c", "b", "a"], FeedOrder.OldestFirst([Item("a", 1), Item("b", null), Item("c", 3)]).Select(item => item.Id));
    }

    private static FeedItem Item(string id, int? day) =>
        new(id, id, string.Empty, string.Empty, string.Empty, day is { } number ? new DateTimeOffset(2026, 1, number, 0, 0, 0, TimeSpan.Zero) : null, []);
}
