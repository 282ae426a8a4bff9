using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Rooms.Support;

namespace RelayServer.UnitTests.Rooms;

/// <summary>What the settings do to those who want to speak.</summary>
public sealed class SpeechTests
{
    // Who is not bound by what is there against a crowd.
    private static readonly string[] Heard = [Stage.Owner, Stage.Host, Stage.Moderator, Stage.Service, Stage.Operator];

    [Fact]
    public void MaySpeak_Viewer_IsForbiddenButMayReact()
    {
        var stage = new Stage();

        Assert.Equal(ErrorCode.Forbidden, stage.State.MaySpeak("v"u8, Role.Viewer, MessageKind.Text, "hi"u8, 1)?.Code);
        Assert.Equal(ErrorCode.Forbidden, stage.State.MaySpeak("v"u8, Role.Viewer, MessageKind.Data, "hi"u8, 1)?.Code);
        Assert.Null(stage.State.MayReact("v"u8, Role.Viewer, 1));
    }

    [Fact]
    public void MaySpeak_Frozen_MembersWait()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.Frozen, 1));

        Assert.Equal(ErrorCode.NotOpen, stage.Says(Stage.Member)?.Code);
        Assert.Null(stage.State.MayReact(Stage.Id(Stage.Member), Role.Member, 1));
        Assert.All(Heard, user => Assert.Null(stage.Says(user)));
    }

    [Fact]
    public void MaySpeak_Speakers_AreThoseWhoAreSet()
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Appoint("a", Role.Member));
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.Speakers, 1));
        Assert.Null(stage.Says("a"));
        Assert.Equal(ErrorCode.NotOpen, stage.Says(Stage.Member)?.Code);
        Assert.All(Heard, user => Assert.Null(stage.Says(user)));

        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.Speakers, 2));
        Assert.Equal(ErrorCode.NotOpen, stage.Says("a")?.Code);
        Assert.Equal(ErrorCode.NotOpen, stage.Says(Stage.Member)?.Code);
        Assert.All(Heard, user => Assert.Null(stage.Says(user)));
    }

    [Theory]
    [InlineData("12345", true)]
    [InlineData("äöü€😀", true)]
    [InlineData("", true)]
    [InlineData("123456", false)]
    [InlineData("äöü€😀!", false)]
    public void MaySpeak_Length_CountsCharacters(string text, bool fits)
    {
        var stage = new Stage();
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.TextCharactersMax, 5));

        Assert.Equal(fits ? null : ErrorCode.Filtered, stage.Says(Stage.Member, text)?.Code);
        Assert.All(Heard, user => Assert.Null(stage.Says(user, text)));
        Assert.Null(stage.State.MaySpeak("m"u8, Role.Member, MessageKind.Data, Stage.Id(text), 1));
    }

    [Fact]
    public void MaySpeak_Links_AreRefusedWhereTheyAreSetSo()
    {
        var stage = new Stage();
        Assert.Null(stage.Says(Stage.Member, "see https://example.com"));
        stage.Accepted(Stage.Owner, RoomControl.Set(RoomSetting.LinksRefused, 1));

        Assert.Equal(ErrorCode.Filtered, stage.Says(Stage.Member, "see https://example.com")?.Code);
        Assert.Null(stage.Says(Stage.Member, "see me. ok"));
        Assert.All(Heard, user => Assert.Null(stage.Says(user, "see https://example.com")));
    }

    [Theory]
    [InlineData("http://x", true)]
    [InlineData("HTTPS://example.com/a", true)]
    [InlineData("tg://join?x", true)]
    [InlineData("www.example.anything", true)]
    [InlineData("look:WWW.example.anything", true)]
    [InlineData("buy at cheap-shoes.shop now", true)]
    [InlineData("EXAMPLE.COM", true)]
    [InlineData("(example.co.uk)", true)]
    [InlineData("t.me/spam", true)]
    [InlineData("mail me: a@example.com", true)]
    [InlineData("käse.com", true)]
    [InlineData("x.com.", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("...", false)]
    [InlineData("hello. com", false)]
    [InlineData(".com", false)]
    [InlineData("e.g. this", false)]
    [InlineData("it costs 12.50 today", false)]
    [InlineData("version 1.2.3/4", false)]
    [InlineData("done.Thanks", false)]
    [InlineData("and/or", false)]
    [InlineData("wow www. no", false)]
    [InlineData("awww.nice one", false)]
    [InlineData("net.ball", false)]
    public void HasLink_Texts_AreToldApart(string text, bool expected) => Assert.Equal(expected, LinkFilter.HasLink(Stage.Id(text)));

    [Fact]
    public void HasLink_LongText_IsReadOnce()
    {
        byte[] text = Stage.Id(string.Concat(Enumerable.Repeat("a.b", 20_000)));

        Assert.False(LinkFilter.HasLink(text));
        long before = GC.GetAllocatedBytesForCurrentThread();
        LinkFilter.HasLink(text);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
