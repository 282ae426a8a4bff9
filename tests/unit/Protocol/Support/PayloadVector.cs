using System.Text.Json.Nodes;
using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>One named payload of <c>protocol/vectors/payloads.json</c>.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Kind">That of the message that has it.</param>
/// <param name="Bytes">The payload.</param>
/// <param name="Json">The entry.</param>
internal sealed record PayloadVector(string Name, MessageKind Kind, byte[] Bytes, JsonObject Json)
{
    private static readonly Lazy<PayloadVector[]> File = new(Read);

    public static IReadOnlyList<PayloadVector> All => File.Value;

    public bool IsMalformed => Json["status"] is not null;

    /// <summary>What an encoder of version 1 writes for the same fields.</summary>
    public byte[] Reencoded => Json["reencoded"] is { } hex ? Convert.FromHexString(hex.GetValue<string>()) : Bytes;

    public static PayloadVector Named(string name) => All.Single(vector => vector.Name == name);

    private static PayloadVector[] Read() =>
    [
        .. JsonNode.Parse(ProtocolFolder.Read(Path.Combine("vectors", "payloads.json")))!["vectors"]!.AsArray().Select(node => new PayloadVector(
            node!["name"]!.GetValue<string>(),
            (MessageKind)node["kind"]!.GetValue<byte>(),
            Convert.FromHexString(node["hex"]!.GetValue<string>()),
            node.AsObject())),
    ];
}
