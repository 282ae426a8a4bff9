using System.Buffers;
using System.Text.Json;
using RelayServer.Cli.Chat;
using RelayServer.Client;
using RelayServer.Client.Services;
using RelayServer.Protocol;
using RelayServer.Rooms;

namespace RelayServer.UnitTests.Cli;

public sealed class ChatJsonTests
{
    private static readonly Position At = new(2, 3, 1, 42);

    [Fact]
    public void Write_EveryEvent_IsOneNamedObjectInOneLine()
    {
        var notice = new SplitNotice { FromGeneration = 1, FromCount = 1, To = RoomEvents.Groups(2, 4), Sizes = [1, 2, 3, 4] };
        (string Name, RelayEvent Event)[] events =
        [
            ("message", RoomEvents.Message(At, "bob", "hi")), ("change", RoomEvents.Change(RoomControl.Mute("bob", 5, "x"), at: At)),
            ("split", RoomEvents.Split(notice, At)), ("deleted", RoomEvents.Deleted(At, "bob")), ("gap", RoomEvents.Gap(1, 3, GapReason.Skipped)),
            ("moved", RoomEvents.Moved(At, At)), ("presence", RoomEvents.Presence("bob", true)), ("counts", RoomEvents.Counts(5)),
            ("reactions", RoomEvents.Reactions(0, 40)), ("room", RoomEvents.State(RoomEvents.Status())),
            ("update", RoomEvents.Update("news", new ServiceCard { Item = "a", Title = "A" }, At)), ("result", RoomEvents.Done("news", "like", "bob", "a", "liked")),
            ("subscription", RoomEvents.Notice(SubscriptionEvent.Ended, "news.headlines", RoomEvents.At)), ("service", RoomEvents.ServiceChange("news", true)),
        ];
        foreach ((string name, RelayEvent next) in events)
        {
            JsonElement json = Write(next);
            Assert.Equal(name, json.GetProperty("event").GetString());
            Assert.Equal("sale", json.GetProperty("room").GetString());
        }
    }

    [Fact]
    public void Write_Message_HasPositionAndTheNameThatDeleteTakes()
    {
        JsonElement json = Write(RoomEvents.Message(At, "bob", "hi", producerId: ulong.MaxValue, number: 7));
        Assert.Equal((2, 3, 1, 42), (Int(json, "generation"), Int(json, "partition"), Int(json, "epoch"), Int(json, "seq")));
        Assert.Equal(("18446744073709551615", 7), (json.GetProperty("producer").GetString(), Int(json, "number")));
        Assert.Equal(("bob", "hi"), (json.GetProperty("from").GetString(), json.GetProperty("text").GetString()));
    }

    [Fact]
    public void Write_Change_HasVerbAndArguments()
    {
        JsonElement json = Write(RoomEvents.Change(RoomControl.Mute("bob", 600, "spam"), at: At));
        Assert.Equal(("mute", "bob", 600), (json.GetProperty("change").GetString(), json.GetProperty("user").GetString(), Int(json, "seconds")));
        Assert.Equal("anna", json.GetProperty("from").GetString());
    }

    [Fact]
    public void Write_Update_HasTheCardWhole()
    {
        var card = new ServiceCard
        {
            Item = "offer-7",
            Title = "Silk \u202e scarf",
            Text = "one\ntwo",
            Link = "https://shop.example/7",
            Image = "https://shop.example/7.png",
            Fields = [new CardField("Price", "49.00 EUR")],
            Actions = [new CardAction { Label = "Order one", Verb = "order", Arguments = ["1"] }],
        };
        JsonElement json = Write(RoomEvents.Update("shop", card, At));
        Assert.Equal(("shop", ""), (json.GetProperty("service").GetString(), json.GetProperty("topic").GetString()));
        JsonElement written = json.GetProperty("card");
        Assert.Equal((card.Item, card.Title, card.Text), (Text(written, "item"), Text(written, "title"), Text(written, "text")));
        Assert.Equal((card.Link, card.Image), (Text(written, "link"), Text(written, "image")));
        JsonElement field = written.GetProperty("fields")[0];
        Assert.Equal(("Price", "49.00 EUR"), (Text(field, "name"), Text(field, "value")));
        JsonElement action = written.GetProperty("actions")[0];
        Assert.Equal(("Order one", "order", "1"), (Text(action, "label"), Text(action, "verb"), action.GetProperty("arguments")[0].GetString()));
    }

    [Fact]
    public void Write_Split_HasTheDivision()
    {
        var notice = new SplitNotice { FromGeneration = 1, FromCount = 1, To = RoomEvents.Groups(2, 2), Sizes = [5, 6] };
        JsonElement json = Write(RoomEvents.Split(notice, At));
        Assert.True(json.GetProperty("begins").GetBoolean());
        Assert.Equal("groups", json.GetProperty("to").GetProperty("mode").GetString());
        Assert.Equal([5, 6], json.GetProperty("to").GetProperty("partitions").EnumerateArray().Select(part => Int(part, "members")));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static JsonElement Write(RelayEvent next)
    {
        var output = new ArrayBufferWriter<byte>();
        ChatJson.Write(output, next);
        Assert.Equal(output.WrittenCount - 1, output.WrittenSpan.IndexOf((byte)'\n'));
        return JsonDocument.Parse(output.WrittenMemory).RootElement.Clone();
    }
}
