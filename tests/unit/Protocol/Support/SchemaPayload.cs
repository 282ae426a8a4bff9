using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>A payload in <c>protocol/schema.json</c>.</summary>
/// <param name="Name">As PROTOCOL.md writes it.</param>
/// <param name="Kind">The kind of the messages that have it.</param>
/// <param name="Fields">The fields in order.</param>
internal sealed record SchemaPayload(string Name, MessageKind Kind, IReadOnlyList<SchemaField> Fields);
