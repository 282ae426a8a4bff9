using System.Text;
using System.Text.RegularExpressions;
using RelayServer.Protocol;
using RelayServer.UnitTests.Protocol.Support;

namespace RelayServer.UnitTests.Protocol;

/// <summary>Names of services, verbs, parameters and topics come from an allow-list.</summary>
[Trait("Must", "R-NAME-3")]
public sealed class ServiceNameTests
{
    public static TheoryData<string> GoodWords => ["a", "shop", "news-2", "a--b", "a-", new string('s', ProtocolLimits.ServiceWordBytesMax)];

    public static TheoryData<string> BadWords =>
    [
        "", " ", "Shop", "sHop", "1shop", "-shop", "shop.news", "shop_news", "shop news", "shop\n", "sh\u00f6p", "\uff53hop", "shop\0",
        new string('s', ProtocolLimits.ServiceWordBytesMax + 1), new string('s', 100_000),
    ];

    public static TheoryData<string> GoodTopics =>
    [
        "a.b", "shop.offers", "news.sport-2",
        new string('s', ProtocolLimits.ServiceWordBytesMax) + "." + new string('t', ProtocolLimits.TopicWordBytesMax),
    ];

    public static TheoryData<string> BadTopics =>
    [
        "", ".", "shop", "shop.", ".offers", "shop..offers", "shop.offers.hats", "Shop.offers", "shop.Offers", "shop.1", "1.offers", "shop.offers\n",
        "shop. offers", "shop:offers", "a." + new string('t', ProtocolLimits.TopicWordBytesMax + 1),
        new string('s', ProtocolLimits.ServiceWordBytesMax + 1) + ".t", new string('s', 100_000),
    ];

    [Theory]
    [MemberData(nameof(GoodWords))]
    public void IsValid_WordOfTheAlphabet_IsTrue(string name)
    {
        Assert.True(ServiceName.IsValid(name));
        Assert.True(ServiceName.IsValid(Encoding.UTF8.GetBytes(name)));
        Assert.True(TopicName.IsWord(Encoding.UTF8.GetBytes(name)));
        Assert.Matches(Format("service_name"), name);
    }

    [Theory]
    [MemberData(nameof(BadWords))]
    public void IsValid_AnyOtherWord_IsFalse(string name)
    {
        Assert.False(ServiceName.IsValid(name));
        Assert.False(ServiceName.IsValid(Encoding.UTF8.GetBytes(name)));
    }

    [Fact]
    public void IsWord_OfATopic_MayBeLongerThanAService()
    {
        byte[] longest = [.. Enumerable.Repeat((byte)'t', ProtocolLimits.TopicWordBytesMax)];
        Assert.True(TopicName.IsWord(longest));
        Assert.False(TopicName.IsWord((byte[])[.. longest, (byte)'t']));
        Assert.Matches(Format("topic_word"), Encoding.UTF8.GetString(longest));
    }

    [Theory]
    [MemberData(nameof(GoodTopics))]
    public void IsValid_ServiceDotTopic_IsTrue(string name)
    {
        Assert.True(TopicName.IsValid(name));
        Assert.True(TopicName.IsValid(Encoding.UTF8.GetBytes(name)));
        Assert.Equal(name.Split('.')[0], TopicName.ServiceOf(name));
        Assert.Equal(name.Split('.')[0], Encoding.UTF8.GetString(TopicName.ServiceOf(Encoding.UTF8.GetBytes(name))));
        Assert.Matches(Format("topic_name"), name);
    }

    [Theory]
    [MemberData(nameof(BadTopics))]
    public void IsValid_AnyOtherTopic_IsFalse(string name)
    {
        Assert.False(TopicName.IsValid(name));
        Assert.False(TopicName.IsValid(Encoding.UTF8.GetBytes(name)));
    }

    [Fact]
    public void ServiceOf_NameWithoutADot_IsEmpty()
    {
        Assert.Equal(string.Empty, TopicName.ServiceOf("shop"));
        Assert.True(TopicName.ServiceOf("shop"u8).IsEmpty);
    }

    [Fact]
    public void IsValid_EveryCharacter_AgreesWithTheSchema()
    {
        Regex service = Format("service_name"), topic = Format("topic_name");
        for (int value = 0; value <= char.MaxValue; value++)
        {
            string one = ((char)value).ToString();
            Assert.Equal(IsMatch(service, one), ServiceName.IsValid(one));
            Assert.Equal(IsMatch(service, "s" + one), ServiceName.IsValid("s" + one));
            Assert.Equal(IsMatch(topic, "s." + one), TopicName.IsValid("s." + one));
            Assert.Equal(IsMatch(topic, "s" + one + "t"), TopicName.IsValid("s" + one + "t"));
        }
    }

    private static Regex Format(string name) =>
        new(Schema.Instance.Json["formats"]![name]!.GetValue<string>(), RegexOptions.CultureInvariant);

    // In .NET a $ also matches before a last line feed; in the schema it is the end.
    private static bool IsMatch(Regex format, string name) => format.IsMatch(name) && !name.EndsWith('\n');
}
