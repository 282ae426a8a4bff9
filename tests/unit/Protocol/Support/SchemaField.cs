namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>A field of a frame or tuple.</summary>
/// <param name="Name">As PROTOCOL.md writes it.</param>
/// <param name="Type">What it may hold.</param>
/// <param name="Optional">True when it may be missing, together with all after it.</param>
internal sealed record SchemaField(string Name, SchemaType Type, bool Optional);
