using RelayServer.Cli.Chat;
using RelayServer.Client;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

public sealed class RoomNewsTests
{
    private Position _position;
    private bool _readsHistory;

    [Fact]
    [Trait("Must", "R-SPLIT-9")]
    public void Take_SplitIntoGroups_TellsWhereTheReaderIsAndHowManyAreThere()
    {
        var notice = new SplitNotice { FromGeneration = 0, FromCount = 1, To = RoomEvents.Groups(1, 8), Sizes = [125, 125, 124, 126, 125, 125, 125, 125] };
        RoomNews news = News();
        Assert.Empty(Texts(news, RoomEvents.Split(notice, At(0, 0, 9))));
        Assert.Empty(Texts(news, RoomEvents.Moved(At(0, 0, 9), At(1, 2, 0))));
        Assert.Equal(
            ["the room is split into 8 groups; you are in group 3 of 8 (about 124 people)"], Texts(news, RoomEvents.Split(notice, At(1, 2, 1))));
    }

    [Fact]
    public void Take_SplitByEdges_NamesTheEdge()
    {
        var notice = new SplitNotice { FromGeneration = 0, FromCount = 1, To = Partitioning.ByEdges(1, ["edge-1", "edge-2"]) };
        Assert.Equal(["the room is split over 2 edges; you are in the part of edge-2"], Texts(News(), RoomEvents.Split(notice, At(1, 1, 1))));
    }

    [Fact]
    public void Take_Merge_SaysSo()
    {
        var notice = new SplitNotice { FromGeneration = 1, FromCount = 8, To = Partitioning.Whole(2), Sizes = [1000] };
        Assert.Equal(["the room is together again (1,000 people)"], Texts(News(), RoomEvents.Split(notice, At(2, 0, 1))));
    }

    [Fact]
    public void Take_SplitAsAnObserver_IsToldOnce()
    {
        var notice = new SplitNotice { FromGeneration = 0, FromCount = 1, To = RoomEvents.Groups(1, 3), Sizes = [2, 2, 2] };
        RoomNews news = News(observes: true);
        Assert.Equal(["the room is split into 3 groups; you see all of them"], Texts(news, RoomEvents.Split(notice, At(1, 0, 1))));
        Assert.Empty(Texts(news, RoomEvents.Split(notice, At(1, 1, 1))));
        Assert.Empty(Texts(news, RoomEvents.Split(notice, At(1, 2, 1))));
    }

    [Fact]
    public void Take_EdgeAddedWhileObserved_IsTold()
    {
        RoomNews news = News(observes: true);
        Texts(news, RoomEvents.Split(new SplitNotice { FromGeneration = 0, FromCount = 1, To = Partitioning.ByEdges(1, ["a"]) }, At(1, 0, 1)));
        Assert.Equal(
            ["b has joined; the room is split over 2 edges"],
            Texts(news, RoomEvents.Split(new SplitNotice { FromGeneration = 0, FromCount = 1, To = Partitioning.ByEdges(1, ["a", "b"]) }, At(1, 1, 1))));
    }

    [Fact]
    public void Take_MovedWithinAGeneration_SaysWhereTo()
    {
        RoomNews news = News();
        Texts(news, RoomEvents.State(RoomEvents.Status(Partitioning.ByEdges(3, ["a", "b"]))));
        Assert.Equal(["you are in the part of b now"], Texts(news, RoomEvents.Moved(At(3, 0, 9), At(3, 1, 4))));
    }

    [Fact]
    public void Take_FirstState_IntroducesTheRoom()
    {
        _position = At(2, 2, 5);
        RoomStatus status = RoomEvents.Status(RoomEvents.Groups(2, 8), 125, 125, 125, 125, 125, 125, 125, 125) with
        {
            State = BroadcastState.Live,
            Title = "Spring sale",
            Role = Role.Host,
            Notice = "Free\nshipping",
            Products = [new RoomProduct("mug", "Blue mug", 1290, "EUR", 40, "https://shop.example/mug")],
        };
        RoomNews news = News();
        Assert.Equal(
            [
                "Spring sale: live, 1,000 people; split into 8 groups, you are in group 3 of 8; you are host here",
                "pinned: Free shipping",
                "on offer: Blue mug, 12.90 EUR, 40 left [mug] https://shop.example/mug",
            ],
            Texts(news, RoomEvents.State(status)));
        Assert.Empty(Texts(news, RoomEvents.State(status with { Notice = "other" })));
    }

    [Fact]
    public void Take_FirstStateOfAPlainRoom_SaysNothing() =>
        Assert.Empty(Texts(News(), RoomEvents.State(RoomEvents.Status(null, 3))));

    [Theory]
    [InlineData("bob was muted for 10m by anna: spam", "bob")]
    [InlineData("you were muted for 10m by anna: spam", "me")]
    public void Take_Mute_SaysWhomAndHowLong(string expected, string user) =>
        Assert.Equal([expected], Texts(News(), RoomEvents.Change(RoomControl.Mute(user, 600, "spam"))));

    [Fact]
    public void Take_Changes_AreInWords()
    {
        RoomNews news = News();
        Assert.Equal(["the room is live"], Texts(news, RoomEvents.Change(RoomControl.Start())));
        Assert.Equal(["the room has ended"], Texts(news, RoomEvents.Change(RoomControl.End())));
        Assert.Equal(["the room no longer splits and merges by itself (anna)"], Texts(news, RoomEvents.Change(RoomControl.Merge())));
        Assert.Equal(["bob may speak again (anna)"], Texts(news, RoomEvents.Change(RoomControl.Mute("bob", 0))));
        Assert.Equal(["bob was banned for good by anna"], Texts(news, RoomEvents.Change(RoomControl.Ban("bob", RoomLimits.ForGoodSeconds))));
        Assert.Equal(["bob was put out by anna: wrong room"], Texts(news, RoomEvents.Change(RoomControl.Kick("bob", "wrong room"))));
        Assert.Equal(["you are moderator now (anna)"], Texts(news, RoomEvents.Change(RoomControl.Appoint("me", Role.Moderator))));
        Assert.Equal(["a message of bob was deleted by anna"], Texts(news, RoomEvents.Change(RoomControl.Delete("bob", 1, 2))));
        Assert.Equal(["a range of addresses was banned, or let in again by anna"], Texts(news, RoomEvents.Change(RoomControl.BanAddress("203.0.113.0/24", 5))));
        Assert.Equal(["settings now (anna): slow_mode_ms=2s, frozen=on"], Texts(news, RoomEvents.Change(RoomControl.Set(new RoomSettingValue(RoomSetting.SlowModeMilliseconds, 2000), new RoomSettingValue(RoomSetting.Frozen, 1)))));
        Assert.Equal(["from now on the room splits and merges by itself (anna)"], Texts(news, RoomEvents.Change(RoomControl.SplitAutomatically())));
        Assert.Equal(["the pinned notice was taken off by anna"], Texts(news, RoomEvents.Change(RoomControl.Notice(""))));
    }

    [Fact]
    public void Take_Purchase_CallsTheProductByItsTitle()
    {
        RoomNews news = News();
        Assert.Equal(["2 \u00d7 mug"], Texts(news, RoomEvents.Change(RoomControl.Purchase("mug", 2))).Select(line => line["sold: ".Length..]));
        Texts(news, RoomEvents.Change(RoomControl.Pin(new RoomProduct("mug", "Blue mug", 1290, "EUR", 0, "")), "shop"));
        Assert.Equal(["zoë bought 1 \u00d7 Blue mug"], Texts(news, RoomEvents.Change(RoomControl.Purchase("mug", 1, "zoë"), "shop")));
    }

    [Fact]
    public void Take_CardWhoseStockFalls_SaysHowManyAreLeft()
    {
        RoomNews news = News();
        var card = new RoomProduct("mug", "Blue mug", 1290, "EUR", 40, "https://shop.example/mug");
        Texts(news, RoomEvents.State(RoomEvents.Status() with { Products = [card] }));
        Assert.Equal(["Blue mug: 39 left"], Texts(news, RoomEvents.Change(RoomControl.Pin(card with { Stock = 39 }))));
        Assert.Equal(["sold out: Blue mug"], Texts(news, RoomEvents.Change(RoomControl.Pin(card with { Stock = 0 }))));
        Assert.Equal(
            ["on offer: Blue mug, 9.90 EUR, 5 left [mug] https://shop.example/mug"],
            Texts(news, RoomEvents.Change(RoomControl.Pin(card with { Stock = 5, PriceMinor = 990 }))));
    }

    [Fact]
    public void Take_SoldOut_SaysSo() => Assert.Equal(
        ["on offer: Blue mug, 12.90 EUR, sold out [mug]"],
        Texts(News(), RoomEvents.Change(RoomControl.Pin(new RoomProduct("mug", "Blue mug", 1290, "EUR", 0, "")), "shop")));

    [Theory]
    [InlineData(GapReason.Skipped, "3 messages were skipped: the room is faster than its delivery cap")]
    [InlineData(GapReason.Trimmed, "sale: missing 3 messages after 5: they are older than what the relay keeps")]
    public void Take_Gap_SaysWhatIsMissing(GapReason reason, string expected) =>
        Assert.Equal([expected], Texts(News(), RoomEvents.Gap(5, 8, reason)));

    [Fact]
    public void IsRepeat_SaidToAllParts_IsShownOnceAndLabelledAll()
    {
        RoomNews news = News(observes: true);
        Texts(news, RoomEvents.State(RoomEvents.Status(RoomEvents.Groups(1, 3))));
        var first = (RelayEntry)RoomEvents.Message(At(1, 0, 4), "anna", "hello all");
        Assert.False(news.IsRepeat(first));
        Assert.False(news.IsRepeat(first));
        Assert.True(news.IsRepeat((RelayEntry)RoomEvents.Message(At(1, 1, 7), "anna", "hello all")));

        var next = (RelayEntry)RoomEvents.Message(At(1, 2, 5), "anna", "again", number: 2);
        Assert.False(news.IsRepeat(next));
        Assert.Equal("all", news.LabelOf(next));
        Assert.Equal("2", news.LabelOf((RelayEntry)RoomEvents.Message(At(1, 1, 8), "bob", "hi", producerId: 8)));
    }

    [Fact]
    public void LabelOf_HistoryOfAnObserver_IsWhereTheRoomWasSplitThen()
    {
        RoomNews news = News(observes: true);
        Texts(news, RoomEvents.State(RoomEvents.Status(Partitioning.Whole(2))));
        Assert.Null(news.LabelOf((RelayEntry)RoomEvents.Message(At(0, 0, 4), "bob", "whole, at first")));
        Texts(news, RoomEvents.Split(new SplitNotice { FromGeneration = 0, FromCount = 1, To = Partitioning.ByEdges(1, ["edge-1", "edge-2"]) }, At(1, 0, 1)));
        Assert.Equal("edge-2", news.LabelOf((RelayEntry)RoomEvents.Message(At(1, 1, 2), "bob", "split")));
        Assert.Null(news.LabelOf((RelayEntry)RoomEvents.Message(At(2, 0, 2), "bob", "whole again")));
        Assert.Equal("3", news.LabelOf((RelayEntry)RoomEvents.Message(At(9, 2, 2), "bob", "nothing was told of that one")));
    }

    [Fact]
    public void Take_CardPinnedInHistory_IsNotTakenForAChangeOfTheOneOfNow()
    {
        _readsHistory = true;
        RoomNews news = News();
        var card = new RoomProduct("mug", "Blue mug", 1290, "EUR", 40, "");
        Texts(news, RoomEvents.State(RoomEvents.Status() with { Products = [card with { Stock = 38 }] }));
        Assert.Equal(["on offer: Blue mug, 12.90 EUR, 40 left [mug]"], Texts(news, RoomEvents.Change(RoomControl.Pin(card))));
        Assert.Equal(["Blue mug: 38 left"], Texts(news, RoomEvents.Change(RoomControl.Pin(card with { Stock = 38 }))));
    }

    [Fact]
    public void LabelOf_Member_IsNone() =>
        Assert.Null(News().LabelOf((RelayEntry)RoomEvents.Message(At(1, 1, 8), "bob", "hi")));

    [Fact]
    [Trait("Must", "R-DEL-2")]
    public void Take_PresenceAndDeletion_ArePassing()
    {
        Assert.Equal(new NewsLine("bob came", NewsTone.Passing), Assert.Single(News().Take(RoomEvents.Presence("bob", joined: true))));
        Assert.Equal(new NewsLine("bob left", NewsTone.Passing), Assert.Single(News().Take(RoomEvents.Presence("bob", joined: false))));
        Assert.Equal("(a message of bob was deleted)", Assert.Single(Texts(News(), RoomEvents.Deleted(At(0, 0, 3), "bob"))));
    }

    private static Position At(ulong generation, uint partition, ulong seq) => new(generation, partition, 1, seq);

    private static string[] Texts(RoomNews news, RelayEvent next) => [.. news.Take(next).Select(line => line.Text)];

    private RoomNews News(bool observes = false) => new("me", observes, () => _position, () => _readsHistory, TimeProvider.System);
}
