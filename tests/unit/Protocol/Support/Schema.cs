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
    }

    public static Schema Instance { get; } = new();

    /// <summary>The whole file.</summary>
    public JsonNode Json { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<SchemaField>> Tuples { get; }

    public IReadOnlyList<SchemaFrame> Frames { get; }

    public SchemaFrame this[string name] => Frames.Single(frame => frame.Name == name);

    private static SchemaFrame ReadFrame(JsonNode json, Dictionary<string, IReadOnlyList<SchemaField>> tuples) => new(
        json["name"]!.GetValue<string>(),
        (FrameType)json["type"]!.GetValue<byte>(),
        json["from"]!.GetValue<string>(),
        json["state"]!.GetValue<string>(),
        [.. json["flags"]!.AsArray().Select(flag => flag!.GetValue<string>())],
        json["fields"] is { } fields ? ReadFields(fields, tuples) : null);

    private static SchemaField[] ReadFields(JsonNode json, Dictionary<string, IReadOnlyList<SchemaField>> tuples) =>
        [.. json.AsArray().Select(field => new SchemaField(field!["name"]!.GetValue<string>(), SchemaType.Read(field, tuples)))];
}
