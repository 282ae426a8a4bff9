using System.Text;
using RelayServer.Client.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;
using RelayServer.UnitTests.Protocol.Support;
using RelayServer.UnitTests.Services;

namespace RelayServer.UnitTests.Rooms;

/// <summary>Names that a user or service chose are listed in the order of their bytes, also where that of .NET's texts is another.</summary>
public sealed class Utf8OrderTests
{
    // A full-width letter is above every half of a pair as UTF-16, and below every pair as UTF-8.
    private const string FullWidth = "\uff21";
    private const string Pair = "\U0001f600";

    [Fact]
    public void Compare_AnyTexts_IsThatOfTheirBytes()
    {
        var random = new Random((int)(TestSeed.Choose() % int.MaxValue));
        string[] parts = ["", "a", "b", "\u00e9", FullWidth, "\ud7ff", Pair, "\U0001f601", "\U00010000", "\U0010ffff"];
        for (int i = 0; i < 20_000; i++)
        {
            string x = string.Concat(random.GetItems(parts, random.Next(4)));
            string y = string.Concat(random.GetItems(parts, random.Next(4)));
            int bytes = Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
            Assert.Equal(Math.Sign(bytes), Math.Sign(Utf8Order.Instance.Compare(x, y)));
        }
    }

    [Fact]
    [Trait("Must", "R-MENU-1")]
    public void Menu_OfSubjects_GoesPageByPageInTheOrderOfBytes()
    {
        var definition = new ServiceDefinition
        {
            Name = "news",
            Title = "News",
            Topics = [new ServiceTopic { Name = "places", Title = "Places", Subjects = [new(Pair, ""), new(FullWidth, ""), new("a", "")] }],
        };
        ServiceProfile profile = Assert.IsType<ServiceProfile>(ServiceProfile.Decode(DefinitionEncoding.Encode(definition), out _));
        ProfileTopic topic = Assert.IsType<ProfileTopic>(profile.FindTopic("news.places"));
        List<string> listed = [""];
        for (bool hasMore = true; hasMore;)
        {
            byte[] question = Bodies.Query(QueryKind.Menu, null, "news", "news.places", listed[^1], MenuKind.Subject, max: 1);
            Assert.Equal(DecodeStatus.Ok, QueryBody.TryDecode(question, out QueryBody query));
            Assert.Equal(DecodeStatus.Ok, MenuBody.TryDecode(new MenuEncoder(query).AddSubjects("news.places", topic, new RoomState()).Encode([]), out MenuBody page));
            foreach (MenuEntry entry in page.Entries)
            {
                listed.Add(Encoding.UTF8.GetString(entry.Name));
            }

            hasMore = page.HasMore;
        }

        Assert.Equal(["", "a", FullWidth, Pair], listed);
    }

    [Fact]
    public void Subscription_Subjects_AreInTheOrderOfBytes()
    {
        var room = new RoomState();
        Assert.Null(room.Apply(RoomControl.Subscribe("news.places", [Pair, "a", FullWidth]), "olga"u8, Role.Operator, 1000));
        Assert.Equal(["a", FullWidth, Pair], Assert.Single(room.Subscriptions).Subjects);
    }
}
