using System.Text.Json.Nodes;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary><c>protocol/schema.json</c>.</summary>
internal sealed class Schema
{
    private Schema()
    {
        JsonNode json = JsonNode.Parse(ProtocolFolder.Read("schema.json"))!;
        var tuples = new Dictionary<string, IReadOnlyList<SchemaField>>();
        foreach ((string name, JsonNode? fields) in json["tuples"]!.AsObject())
        {
            tuples[name] = ReadFields(fields!, tuples);
        }

        Json = json;
        Tuples = tuples;
        Frames = [.. json["frames"]!.AsArray().Select(frame => ReadFrame(frame!, tuples))];
        Payloads = [.. json["payloads"]!.AsArray().Select(payload => new SchemaPayload(
            payload!["name"]!.GetValue<string>(), (MessageKind)payload["kind"]!.GetValue<byte>(), ReadFields(payload["fields"]!, tuples)))];
    }

    public static Schema Instance { get; } = new();

    /// <summary>The whole file.</summary>
    public JsonNode Json { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<SchemaField>> Tuples { get; }

    public IReadOnlyList<SchemaFrame> Frames { get; }

    /// <summary>The payloads that have a shape.</summary>
    public IReadOnlyList<SchemaPayload> Payloads { get; }

    /// <summary>Every body, and every variant of one.</summary>
    public IEnumerable<SchemaBody> Bodies => Frames.SelectMany(frame => frame.Bodies);

    /// <summary>The body of that name.</summary>
    public SchemaBody this[string name] => Bodies.Single(body => body.Name == name);

    private static SchemaFrame ReadFrame(JsonNode json, Dictionary<string, IReadOnlyList<SchemaField>> tuples) => new(
        json["name"]!.GetValue<string>(),
        (FrameType)json["type"]!.GetValue<byte>(),
        json["from"]!.GetValue<string>(),
        json["state"]!.GetValue<string>(),
        [.. json["flags"]!.AsArray().Select(flag => flag!.GetValue<string>())],
        json["capability"]?.GetValue<string>() ?? string.Empty,
        [.. ReadBodies(json, tuples)]);

    private static IEnumerable<SchemaBody> ReadBodies(JsonNode json, Dictionary<string, IReadOnlyList<SchemaField>> tuples)
    {
        string name = json["name"]!.GetValue<string>();
        var type = (FrameType)json["type"]!.GetValue<byte>();
        if (json["fields"] is { } fields)
        {
            yield return new SchemaBody(name, type, ReadFields(fields, tuples));
        }

        foreach ((string variant, JsonNode? variantFields) in json["variants"]?.AsObject() ?? [])
        {
            yield return new SchemaBody($"{name} {variant}", type, ReadFields(variantFields!, tuples));
        }
    }

    private static SchemaField[] ReadFields(JsonNode json, Dictionary<string, IReadOnlyList<SchemaField>> tuples) =>
        [.. json.AsArray().Select(field => new SchemaField(
            field!["name"]!.GetValue<string>(), SchemaType.Read(field, tuples), field["optional"]?.GetValue<bool>() ?? false))];
}
