using RelayServer.Protocol;

namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>A frame in <c>protocol/schema.json</c>.</summary>
/// <param name="Name">As PROTOCOL.md writes it.</param>
/// <param name="Type">The type number.</param>
/// <param name="From">Who sends it: client, server, both.</param>
/// <param name="State">The server's state in which it is legal.</param>
/// <param name="Flags">Flags that it may have.</param>
/// <param name="Capability">The capability that it is a part of; empty for none.</param>
/// <param name="Bodies">Its body, or the variants of it; empty for a frame without one.</param>
internal sealed record SchemaFrame(
    string Name, FrameType Type, string From, string State, IReadOnlyList<string> Flags, string Capability, IReadOnlyList<SchemaBody> Bodies);
