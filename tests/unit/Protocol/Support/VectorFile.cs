using System.Text.Json.Nodes;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>The vectors of one file, by name.</summary>
internal sealed class VectorFile
{
    private readonly Dictionary<string, Vector> _byName;

    private VectorFile(string name)
    {
        JsonArray entries = JsonNode.Parse(ProtocolFolder.Read(Path.Combine("vectors", name)))!["vectors"]!.AsArray();
        All = [.. entries.Select(Read)];
        _byName = All.ToDictionary(vector => vector.Name);
    }

    /// <summary>Frames that every receiver accepts.</summary>
    public static VectorFile Frames { get; } = new("frames.json");

    /// <summary>Frames whose body is malformed.</summary>
    public static VectorFile Malformed { get; } = new("malformed.json");

    /// <summary>Readable bytes that a server refuses.</summary>
    public static VectorFile Refused { get; } = new("refused.json");

    public IReadOnlyList<Vector> All { get; }

    public Vector this[string name] => _byName[name];

    private static Vector Read(JsonNode? node)
    {
        JsonObject entry = node!.AsObject();
        return new Vector(
            entry["name"]!.GetValue<string>(), Convert.FromHexString(entry["hex"]!.GetValue<string>()), entry);
    }
}
