using System.Text.Json.Nodes;
using RelayServer.Protocol;
using static RelayServer.UnitTests.Protocol.Support.BodyFromJson;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>Cards and the lists of texts beside them, to and from the form of <c>protocol/vectors</c>.</summary>
internal static class CardJson
{
    public static JsonObject? ToJson(in CardBody card, bool isThere) => !isThere ? null : new JsonObject
    {
        ["item"] = BodyToJson.Text(card.Item),
        ["title"] = BodyToJson.Text(card.Title),
        ["text"] = BodyToJson.Text(card.Text),
        ["link"] = BodyToJson.Text(card.Link),
        ["image"] = BodyToJson.Text(card.Image),
        ["fields"] = Fields(card.Fields),
        ["actions"] = Actions(card.Actions),
    };

    public static CardBody FromJson(JsonNode? node) => node is null ? default : new CardBody
    {
        Item = Text(node["item"]),
        Title = Text(node["title"]),
        Text = Text(node["text"]),
        Link = Text(node["link"]),
        Image = Text(node["image"]),
        Fields = new EncodedList<CardFieldEntry>(JsonList.Encode(node["fields"], TryEncodeField, out int fields), fields),
        Actions = new EncodedList<CardActionEntry>(JsonList.Encode(node["actions"], TryEncodeAction, out int actions), actions),
    };

    public static JsonArray Arguments(EncodedList<CommandArgument> arguments)
    {
        var array = new JsonArray();
        foreach (CommandArgument argument in arguments)
        {
            array.Add((JsonNode)BodyToJson.Text(argument.Value));
        }

        return array;
    }

    public static EncodedList<CommandArgument> Arguments(JsonNode? node) =>
        new(JsonList.Encode(node, JsonList.TryEncodeText, out int count), count);

    public static JsonArray Subjects(EncodedList<SubjectName> subjects)
    {
        var array = new JsonArray();
        foreach (SubjectName subject in subjects)
        {
            array.Add((JsonNode)BodyToJson.Text(subject.Value));
        }

        return array;
    }

    public static EncodedList<SubjectName> Subjects(JsonNode? node) =>
        new(JsonList.Encode(node, JsonList.TryEncodeText, out int count), count);

    private static JsonArray Fields(EncodedList<CardFieldEntry> fields)
    {
        var array = new JsonArray();
        foreach (CardFieldEntry field in fields)
        {
            array.Add((JsonNode)new JsonObject { ["name"] = BodyToJson.Text(field.Name), ["value"] = BodyToJson.Text(field.Value) });
        }

        return array;
    }

    private static JsonArray Actions(EncodedList<CardActionEntry> actions)
    {
        var array = new JsonArray();
        foreach (CardActionEntry action in actions)
        {
            array.Add((JsonNode)new JsonObject
            {
                ["label"] = BodyToJson.Text(action.Label),
                ["verb"] = BodyToJson.Text(action.Verb),
                ["arguments"] = Arguments(action.Arguments),
            });
        }

        return array;
    }

    private static bool TryEncodeField(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var field = new CardFieldEntry { Name = Text(item["name"]), Value = Text(item["value"]) };
        return field.TryEncode(destination[..field.EncodedBytesMax], out writtenBytes);
    }

    private static bool TryEncodeAction(JsonNode item, Span<byte> destination, out int writtenBytes)
    {
        var action = new CardActionEntry { Label = Text(item["label"]), Verb = Text(item["verb"]), Arguments = Arguments(item["arguments"]) };
        return action.TryEncode(destination[..action.EncodedBytesMax], out writtenBytes);
    }
}
