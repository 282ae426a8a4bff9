namespace RelayServer.UnitTests.Protocol.Support;

/// <summary>A field of a frame or tuple.</summary>
internal sealed record SchemaField(string Name, SchemaType Type);
