using RelayServer.Cli.Services;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;
using RelayServer.UnitTests.Edge;
using RelayServer.UnitTests.Services;

namespace RelayServer.UnitTests.Client;

/// <summary>What a client makes of what services say, also of what it does not know.</summary>
public sealed class ServiceEventTests
{
    [Theory]
    [InlineData(MessageKind.Update)]
    [InlineData(MessageKind.Result)]
    [InlineData(MessageKind.Subscription)]
    [Trait("Must", "R-UPD-8")]
    public void Decode_PayloadThatIsNone_IsPassedOverAndTheNextIsThere(MessageKind kind)
    {
        Assert.Empty(Decode(kind, [0xc1]));
        Assert.Empty(Decode(kind, [0x91, 0xc0]));
        Assert.Single(Decode(MessageKind.Update, Bodies.Update("news.headlines", ["world"])));
    }

    [Fact]
    [Trait("Must", "R-MENU-5")]
    public void Menu_LinesOfALaterVersion_ArePassedOver()
    {
        byte[] entries = [.. Entry((MenuKind)9, "later"), .. Entry(MenuKind.Topic, "news.headlines")];
        byte[] answer = new byte[256];
        Assert.True(new MenuBody { Entries = new EncodedList<MenuEntry>(entries, 2) }.TryEncode(answer, out int bytes));
        MenuPage page = Assert.IsType<MenuPage>(MenuPage.Decode(answer.AsSpan(0, bytes)));
        Assert.Equal("news.headlines", Assert.Single(page.Lines).Name);
    }

    [Theory]
    [InlineData("https://gazette.example/1", true)]
    [InlineData("http://gazette.example/1", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("file:///etc/passwd", false)]
    [Trait("Must", "R-CARD-2")]
    public void Card_LinkThatIsNoWebAddress_IsNotShown(string link, bool isShown)
    {
        var card = new ServiceCard { Item = "1", Title = "Ferry", Link = link };
        Assert.Equal(isShown ? [link] : [], CardLines.Facts(card));
    }

    private static List<RelayEvent> Decode(MessageKind kind, byte[] payload)
    {
        byte[] body = EdgeBench.Body("room", new Position(0, 0, 1, 1), 1, kind, payload, "bot");
        var events = new List<RelayEvent>();
        new DeliveredBatch
        {
            Channel = "room", Body = body, First = new Position(0, 0, 1, 1), Last = new Position(0, 0, 1, 1), SkipThroughSeq = 0, AtMilliseconds = 1, OwnProducerId = 1,
        }.Decode(events, new SenderNames());
        return events;
    }

    private static byte[] Entry(MenuKind kind, string name)
    {
        byte[] entry = new byte[128];
        Assert.True(new MenuEntry { Kind = kind, Name = Bodies.Utf8(name), Title = "t"u8 }.TryEncode(entry, out int bytes));
        return entry[..bytes];
    }
}
