using RelayServer.Cli.Chat;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

public sealed class TypedLineTests
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("//split", "//split")]
    [InlineData("a <3", "a <3")]
    [InlineData("", "")]
    [InlineData(" /x", " /x")]
    public void Read_NoCommand_IsALineToSay(string line, string said)
    {
        ChatAction action = TypedLine.Read(line);
        Assert.Equal((ChatActionKind.Say, said), (action.Kind, action.Text));
    }

    [Theory]
    [InlineData("<3", 1)]
    [InlineData(" <3 <3", 2)]
    [InlineData("<3<3<3", 3)]
    [InlineData("/heart", 1)]
    [InlineData("/heart 7", 7)]
    public void Read_Hearts_AreCounted(string line, int hearts)
    {
        ChatAction action = TypedLine.Read(line);
        Assert.Equal((ChatActionKind.React, hearts), (action.Kind, action.Count));
    }

    [Fact]
    public void Read_MoreHeartsThanOneMaySend_IsAsManyAsOneMay() =>
        Assert.Equal(100, TypedLine.Read(string.Concat(Enumerable.Repeat("<3", 150))).Count);

    [Theory]
    [InlineData("/", "a command comes after the slash; /help lists them, and a line that begins with // is said as it stands")]
    [InlineData("/3x", "there is no command /3x; /help lists them, // says it as it is")]
    [InlineData("/subscribe news", "'news' is no topic: one is written SERVICE.TOPIC, such as news.headlines, and /help SERVICE lists those of a service")]
    [InlineData("/subscribe", "/subscribe needs more: /subscribe TOPIC [SUBJECT...] [for TIME], such as /subscribe news.headlines sport for 7d")]
    [InlineData("/subscribe news.headlines for", "behind 'for' comes a time: 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData("/subscribe news.headlines for 7days", "'7days' is no duration; write 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData("/subscribe news.headlines \"town hall", "a quotation mark is open; close it, or write \\\" for one that is meant")]
    [InlineData("/renew", "/renew needs more: /renew TOPIC [for TIME], such as /renew news.headlines")]
    [InlineData("/renew news", "'news' is no topic: one is written SERVICE.TOPIC, such as news.headlines, and /help SERVICE lists those of a service")]
    [InlineData("/renew news.headlines 7d", "/renew does not take 'news.headlines 7d'; write /renew TOPIC [for TIME], such as /renew news.headlines")]
    [InlineData("/renew news.headlines for a week", "/renew does not take 'news.headlines for a week'; write /renew TOPIC [for TIME], such as /renew news.headlines")]
    [InlineData("/renew news.headlines for week", "'week' is no duration; write 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData("/unsubscribe News.x", "'News.x' is no topic: one is written SERVICE.TOPIC, such as news.headlines, and /help SERVICE lists those of a service")]
    [InlineData("/invite The News", "'The News' is no service; /services lists them")]
    [InlineData("/service", "/service needs more: /service NAME [VERB] [#ITEM] [ARGUMENT...], such as /service news latest")]
    [InlineData("/service 3x", "'3x' is no service; /services lists them")]
    [InlineData("/split", "/split needs more: /split groups K | edge | auto, such as /split groups 8")]
    [InlineData("/split groups", "/split does not take 'groups'; write /split groups K | edge | auto, such as /split groups 8")]
    [InlineData("/split groups 0", "split: groups must be 2 to 128; only a split into groups has any")]
    [InlineData("/split groups 1", "split: groups must be 2 to 128; only a split into groups has any")]
    [InlineData("/split edge 3", "/split does not take 'edge 3'; write /split groups K | edge | auto, such as /split groups 8")]
    [InlineData("/merge now", "/merge takes nothing after it; type /merge alone")]
    [InlineData("/live now", "/live takes nothing after it; type /live alone")]
    [InlineData("/mute", "/mute needs more: /mute USER [TIME] [REASON], such as /mute bob 1h spam")]
    [InlineData("/ban bob 7days spam", "'7days' is no duration; write 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData("/mute bob 1hour", "'1hour' is no duration; write 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData("/ban bob 0s spam", "'0s' is no duration; write 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData("/ban bob -5m", "'-5m' is no duration; write 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData("/ban bob 30", "'30' is no duration; write 30s, 10m, 2h, 7d or 'forever'")]
    [InlineData("/appoint bob king", "'king' is no role; there are host, moderator, member, viewer and none")]
    [InlineData("/appoint bob operator", "appoint: role must be 0 (none), 1 (viewer), 2 (member), 4 (moderator) or 5 (host); other roles come with a token")]
    [InlineData("/set slow_mode=2", "there is no setting 'slow_mode'; did you mean 'slow_mode_ms'?")]
    [InlineData("/set frozen", "'frozen': a setting is written name=value")]
    [InlineData("/set frozen=maybe", "frozen takes on or off, not 'maybe'")]
    [InlineData("/slow", "/slow needs more: /slow TIME | off, such as /slow 5s")]
    [InlineData("/slow 2h", "slow mode is at most 1h")]
    [InlineData("/slow soon", "'soon' is no time; write 500ms, 5s, 2m or off")]
    [InlineData("/slow 5", "'5' has no unit; write 5s for seconds or 5m for minutes")]
    [InlineData("/heart 0", "/heart takes a number from 1 to 100, or nothing for one heart")]
    [InlineData("/sold", "/sold needs more: /sold ID [N] [BUYER], such as /sold mug 2 Zoë")]
    [InlineData("/product mug", "/product does not take 'mug'; write /product ID PRICE CURRENCY STOCK TITLE [LINK] | ID off, such as /product mug 12.90 EUR 40 Blue mug")]
    [InlineData("/product mug cheap EUR 1 Blue mug", "'cheap' is no price in EUR; write it like 12.90")]
    [InlineData("/product mug 1 EUR few Blue mug", "'few' is no number of pieces; write a number, or 'any' when they are not counted")]
    public void Read_WrongCommand_SaysWhatToWrite(string line, string expected)
    {
        ChatAction action = TypedLine.Read(line);
        Assert.Equal((ChatActionKind.Wrong, expected), (action.Kind, action.Text));
    }

    [Theory]
    [InlineData("/news", "news", "/news")]
    [InlineData("/News like #3", "news", "/news like #3")]
    [InlineData("/shop order #offer-7 2 \"as a gift\" ", "shop", "/shop order #offer-7 2 \"as a gift\" ")]
    [InlineData("/service end now  \"please\"", "end", "/end now  \"please\"")]
    [InlineData("/frobnicate", "frobnicate", "/frobnicate")]
    public void Read_WordOfNoCommand_IsForTheServiceOfThatName(string line, string service, string given)
    {
        ChatAction action = TypedLine.Read(line);
        Assert.Equal((ChatActionKind.AskService, service, given), (action.Kind, action.Service, action.Text));
    }

    [Theory]
    [InlineData("mut", "there is no command /mut; did you mean /mute?")]
    [InlineData("frobnicate", "there is no command /frobnicate; /help lists them, // says it as it is")]
    public void Unknown_Name_SaysWhatIsLikeIt(string name, string expected) => Assert.Equal(expected, TypedLine.Unknown(name));

    [Fact]
    public void Read_SubscribeForATime_EndsThen()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow.AddHours(12);
        RoomControl control = TypedLine.Read("/subscribe news.headlines sport \"town hall\" for 12h").Control!;
        Assert.Equal(("news.headlines", "sport, town hall"), (control.Topic, string.Join(", ", control.Subjects)));
        var end = DateTimeOffset.FromUnixTimeMilliseconds((long)control.ExpiresAtMilliseconds);
        Assert.InRange(end, before.AddSeconds(-1), before.AddMinutes(1));
    }

    [Theory]
    [InlineData("/renew news.headlines", null)]
    [InlineData("/renew news.headlines for 2h", 7200u)]
    [InlineData("/renew news.headlines for forever", RoomLimits.ForGoodSeconds)]
    public void Read_Renewal_SaysForHowLong(string line, uint? seconds)
    {
        ChatAction action = TypedLine.Read(line);
        Assert.Equal((ChatActionKind.Renew, "news.headlines", seconds), (action.Kind, action.Text, action.Seconds));
    }

    [Fact]
    public void Read_Controls_AreWhatTheySay()
    {
        AssertControl(RoomControl.SplitIntoGroups(8), "/split groups 8");
        AssertControl(RoomControl.SplitByEdges(), "/SPLIT edge");
        AssertControl(RoomControl.SplitAutomatically(), "/split auto");
        AssertControl(RoomControl.Merge(), "/merge");
        AssertControl(RoomControl.Mute("bob", 600), "/mute bob");
        AssertControl(RoomControl.Mute("bob", 3600, "spam again"), "/mute bob 1h spam again");
        AssertControl(RoomControl.Mute("bob", 600, "spam again"), "/mute bob spam again");
        AssertControl(RoomControl.Mute("bob smith", 30), "/mute \"bob smith\" 30s");
        AssertControl(RoomControl.Mute("bob", 0), "/unmute bob");
        AssertControl(RoomControl.Kick("bob", "wrong room"), "/kick bob wrong room");
        AssertControl(RoomControl.Ban("bob", RoomLimits.ForGoodSeconds), "/ban bob");
        AssertControl(RoomControl.Ban("bob", 604_800, "spam"), "/ban bob 7d spam");
        AssertControl(RoomControl.Ban("bob", 0), "/unban bob");
        AssertControl(RoomControl.Notice("free shipping"), "/notice free shipping");
        AssertControl(RoomControl.Notice(""), "/notice");
        AssertControl(RoomControl.Start(), "/live");
        AssertControl(RoomControl.End(), "/end");
        AssertControl(RoomControl.Set(RoomSetting.SlowModeMilliseconds, 5000), "/slow 5s");
        AssertControl(RoomControl.Set(RoomSetting.SlowModeMilliseconds, 0), "/slow off");
        AssertControl(RoomControl.Set(RoomSetting.Frozen, 1), "/freeze");
        AssertControl(RoomControl.Set(RoomSetting.Frozen, 0), "/freeze off");
        AssertControl(RoomControl.Appoint("bob", Role.Moderator), "/appoint bob moderator");
        AssertControl(RoomControl.Create("Spring sale"), "/create Spring sale");
        AssertControl(RoomControl.Subscribe("news.headlines", []), "/subscribe news.headlines");
        AssertControl(RoomControl.Subscribe("news.headlines", ["sport", "for"]), "/subscribe news.headlines sport for for forever");
        AssertControl(RoomControl.Subscribe("news.headlines", ["k\u00f6ln"]), "/subscribe news.headlines ko\u0308ln");
        AssertControl(RoomControl.Unsubscribe("news.headlines"), "/unsubscribe news.headlines");
        AssertControl(RoomControl.Invite("news"), "/invite news");
        AssertControl(RoomControl.Invite("news", isInvited: false), "/uninvite news");
        AssertControl(
            RoomControl.Set([new(RoomSetting.Title, 0, "Spring sale, day 2"), new(RoomSetting.LinksRefused, 1), new(RoomSetting.Speakers, 2)]),
            "/set title=Spring sale, day 2 links_refused=on speakers=hosts");
    }

    [Fact]
    public void Read_Product_TakesTheLinkFromTheEnd()
    {
        AssertControl(
            RoomControl.Pin(new RoomProduct("mug", "Blue mug", 1290, "EUR", 40, "https://shop.example/mug")),
            "/product mug 12.90 eur 40 Blue mug https://shop.example/mug");
        AssertControl(RoomControl.Pin(new RoomProduct("mug", "Blue mug", 1500, "JPY", uint.MaxValue, "")), "/product mug 1500 JPY any Blue mug");
        AssertControl(RoomControl.Unpin("mug"), "/product mug off");
    }

    [Theory]
    [InlineData("/sold mug", 1, "")]
    [InlineData("/sold mug 2", 2, "")]
    [InlineData("/sold mug 2 Zoë from Lyon", 2, "Zoë from Lyon")]
    [InlineData("/sold mug Zoë", 1, "Zoë")]
    public void Read_Sold_TakesPiecesAndBuyer(string line, int pieces, string buyer)
    {
        ChatAction action = TypedLine.Read(line);
        Assert.Equal((ChatActionKind.Sell, "mug", pieces, buyer), (action.Kind, action.Text, action.Count, action.Buyer));
    }

    [Fact]
    public void All_Examples_AreRightAndEachCommandIsNamedOnce()
    {
        Assert.All(SlashCommands.All, command => Assert.NotEqual(ChatActionKind.Wrong, TypedLine.Read($"/{command.Example}").Kind));
        Assert.Equal(SlashCommands.All.Count, SlashCommands.All.Select(command => command.Name).Distinct().Count());
    }

    [Fact]
    public void IsFor_Roles_AreThoseOfTheTableOfRights()
    {
        Assert.True(TypedLine.Find("help")!.IsFor(Role.Viewer));
        Assert.False(TypedLine.Find("split")!.IsFor(Role.Member));
        Assert.True(TypedLine.Find("/split")!.IsFor(Role.Moderator));
        Assert.False(TypedLine.Find("end")!.IsFor(Role.Moderator));
        Assert.True(TypedLine.Find("end")!.IsFor(Role.Host));
    }

    private static void AssertControl(RoomControl expected, string line)
    {
        ChatAction action = TypedLine.Read(line);
        Assert.True(action.Kind == ChatActionKind.Change, $"{line}: {action.Text}");
        Assert.Equal(expected.Encode(), action.Control!.Encode());
    }
}
