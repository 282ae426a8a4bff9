using System.Text;
using System.Text.RegularExpressions;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>The name of a channel says of what kind it is.</summary>
[Trait("Must", "R-NAME-3")]
public sealed class ChannelKindTests
{
    public static TheoryData<string, ChannelKind> Good => new()
    {
        { "room.1", ChannelKind.Room },
        { "topic", ChannelKind.Room },
        { "inbox", ChannelKind.Room },
        { "topic:shop.offers", ChannelKind.Topic },
        { "topic:" + new string('s', 32) + "." + new string('t', 64), ChannelKind.Topic },
        { "inbox:alice", ChannelKind.Inbox },
        { "inbox:auth0|5f7c8ec7", ChannelKind.Inbox },
        { "inbox:Zo\u00eb M\u00fcller", ChannelKind.Inbox },
        { "inbox:inbox:x", ChannelKind.Inbox },
        { "inbox:" + new string('u', 128), ChannelKind.Inbox },
        { "inbox:" + new string('\u00e9', 64), ChannelKind.Inbox },
    };

    public static TheoryData<string> Bad =>
    [
        "", ":", "room:1", "topic:", "topic:shop", "topic:shop.", "topic:.offers", "topic:Shop.offers", "topic:shop.offers.hats", "topic:shop.1",
        "Topic:shop.offers", "topics:shop.offers", "topic :shop.offers", "topic:topic:shop.offers", "inbox:", "Inbox:alice", "inbox:a\nb", "inbox:a\0b",
        "inbox:" + new string('u', 129), "inbox:" + new string('\u00e9', 65), " inbox:alice",
    ];

    [Theory]
    [MemberData(nameof(Good))]
    public void KindOf_NameOfAKind_IsIt(string name, ChannelKind kind)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        Assert.Equal(kind, ChannelName.KindOf(utf8));
        Assert.InRange(utf8.Length, 1, ProtocolLimits.InboxNameBytesMax);
        string format = kind switch
        {
            ChannelKind.Topic => "topic_channel",
            ChannelKind.Inbox => "inbox_channel",
            _ => "channel_name",
        };
        Assert.Matches(new Regex(Schema.Instance.Json["formats"]![format]!.GetValue<string>(), RegexOptions.CultureInvariant), name);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void KindOf_AnyOtherName_IsNone(string name) => Assert.Null(ChannelName.KindOf(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("inbox:alice", "alice", true)]
    [InlineData("inbox:alice", "alic", false)]
    [InlineData("inbox:alice", "alicea", false)]
    [InlineData("inbox:alice", "Alice", false)]
    [InlineData("topic:alice", "alice", false)]
    [InlineData("alice", "alice", false)]
    public void IsInboxOf_Name_IsTrueForItsUserAlone(string name, string user, bool expected) =>
        Assert.Equal(expected, ChannelName.IsInboxOf(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(user)));

    [Fact]
    public void KindOf_EveryNameOfARoom_IsARoom() =>
        Assert.All(ChannelNameTests.Good, row => Assert.Equal(ChannelKind.Room, ChannelName.KindOf(Encoding.UTF8.GetBytes(row.Data))));
}
